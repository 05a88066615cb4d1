"""Lists of people on their way in: from a file of somebody's spreadsheet program to participants with their history.

A file is read (``reading``) and kept as plain rows (``tables``); its columns are matched (``matching``) with those
that follow from the pathway's rules (``columns``). Each cell is understood by a django-import-export resource
(``resource``, ``cells``), each person is planned (``planning``) against what is on record (``lookups``), and all is
written in one transaction (``writing``). Checking and writing are long work (``works``).
"""
