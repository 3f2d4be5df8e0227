from .credits import Credit
from .index import CourseIndexPage
from .pages import CoursePage, CourseTrainer
from .places import Place
from .programmes import CareCertificatePage, ProgrammePage, ProgrammeStep
from .reference import AccessMatter, Audience, CareCertificateStandard, Venue
from .runs import CourseRun

__all__ = [
    "AccessMatter",
    "Audience",
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
