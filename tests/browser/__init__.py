"""The sandbox page in a real browser: started as a person starts it, clicked and read as a person does."""
