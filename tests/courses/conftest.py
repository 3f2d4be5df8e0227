import pytest

from courses.models import CoursePage, CourseRun
from tests.factories import (
    AudienceFactory,
    CareCertificateStandardFactory,
    CoursePageFactory,
    CourseRunFactory,
    TopicFactory,
)


@pytest.fixture
def night(db: None) -> CourseRun:
    """A course that has a value of every facet, with a date in Leeds."""
    course = CoursePageFactory(
        title="Care at night",
        topics=[TopicFactory(name="Sleep", slug="sleep", description="Nights that rest.")],
        audiences=[AudienceFactory(name="Night staff", slug="night-staff")],
        care_certificate_standards=[CareCertificateStandardFactory(number=9, name="Awareness")],
        level=CoursePage.Level.ADVANCED,
        duration_minutes=180,
        price=45,
    )
    run: CourseRun = CourseRunFactory(course=course, venue__town="Leeds", capacity=2)
    CourseRunFactory(course__title="Another", venue__town="York", in_days=90)
    return run
