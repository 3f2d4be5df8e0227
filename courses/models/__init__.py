from .pages import CourseIndexPage, CoursePage, CourseTrainer
from .places import Place
from .reference import CareCertificateStandard, Venue
from .runs import CourseRun

__all__ = [
    "CareCertificateStandard",
    "CourseIndexPage",
    "CoursePage",
    "CourseRun",
    "CourseTrainer",
    "Place",
    "Venue",
]
