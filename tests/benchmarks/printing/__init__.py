"""The section about printing: letters a second, against WeasyPrint with nothing kept warm, and with everything."""
