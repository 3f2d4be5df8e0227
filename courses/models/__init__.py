from .credits import Credit
from .pages import CourseIndexPage, CoursePage, CourseTrainer
from .places import Place
from .programmes import CareCertificatePage, ProgrammePage, ProgrammeStep
from .reference import AccessMatter, CareCertificateStandard, Venue
from .runs import CourseRun

__all__ = [
    "AccessMatter",
    "CareCertificatePage",
    "CareCertificateStandard",
    "CourseIndexPage",
    "CoursePage",
    "CourseRun",
    "CourseTrainer",
    "Credit",
    "Place",
    "ProgrammePage",
    "ProgrammeStep",
    "Venue",
]
