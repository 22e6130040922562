"""What of WhatsApp is understood, kind by kind: computed by running the program's own borders over one sample of everything."""
