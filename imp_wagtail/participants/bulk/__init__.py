"""What is done to many participants at once: chosen in the list, shown beforehand, done one by one as long work."""
