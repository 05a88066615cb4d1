from .pages import DirectoryPage, DirectoryPageMixin
from .teachers import Course, Qualification, Teacher, TeacherLanguage

__all__ = ["Course", "DirectoryPage", "DirectoryPageMixin", "Qualification", "Teacher", "TeacherLanguage"]
