"""Letters for many people at once: shown beforehand, issued as long work, printed and packed together."""
