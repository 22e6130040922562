"""What users of other systems suffer from, each as a test that shows that ours do not.

The threads are public; `suffered` names them as they are cited (owner/repository#number, or a short project name).
"""
