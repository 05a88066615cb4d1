"""Trainings in people's own calendars: one file for each, and one for all to subscribe to."""
