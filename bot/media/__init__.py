"""Looking into files of strangers, and making them fit for WhatsApp.

Pillow and FFmpeg (through PyAV) read what anybody may have made, so they never do it in the process that holds the database and the
tokens: each file gets a process of its own, with an empty environment, little memory, little time, no further open files and the
lowest priority.
"""
