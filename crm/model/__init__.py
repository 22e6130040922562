"""The nouns: frozen facts and outcomes that policies decide on and every ring passes around. Nothing here does anything."""
