"""Who may do what with the directory, in one place: registrars, by the permissions that a migration grants."""

SEE_TEACHERS = "imp_directory.view_teacher"
LIST_TEACHERS = "imp_directory.add_teacher"
CHANGE_TEACHERS = "imp_directory.change_teacher"
