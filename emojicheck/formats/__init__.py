"""How Django writes dates by itself: in one format, whatever the language."""
