"""Every address of the site. Wagtail's pages come last: what nothing else claims is a page."""

from django.apps import apps
from django.conf import settings
from django.contrib.sitemaps.views import sitemap
from django.urls import include, path
from django.views.generic import RedirectView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.admin.auth import require_admin_access
from wagtail.contrib.sitemaps import Sitemap
from wagtail.documents import urls as wagtaildocs_urls

from base import mail_events
from base import views as base_views
from base.admin_views import FinishedWorkflowAction
from blog import urls as blog_urls
from blog.comments import urls as comment_urls
from blog.newsletter import urls as newsletter_urls
from courses import urls as course_urls
from courses.bookings import urls as booking_urls
from courses.enquiries import urls as enquiry_urls
from search import urls as search_urls

handler400 = "base.views.bad_request"
handler404 = "base.views.page_not_found"

urlpatterns = [
    # In place of Wagtail's, whose name it keeps.
    path(
        "admin/pages/workflow/action/<int:page_id>/<slug:action_name>/<int:task_state_id>/",
        require_admin_access(FinishedWorkflowAction.as_view()),
    ),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    path("health/live", base_views.live),
    path("health/ready", base_views.ready),
    path("media/<path:path>", base_views.media),
    path("favicon.ico", RedirectView.as_view(url=f"{settings.STATIC_URL}base/favicon.ico")),
    path("robots.txt", base_views.robots),
    path("site.webmanifest", base_views.manifest),
    path("social/<int:pk>-<str:digest>.png", base_views.social_picture, name="social_picture"),
    path("sitemap.xml", sitemap, {"sitemaps": {"pages": Sitemap}}),
    path("blog/comments/", include(comment_urls)),
    path("blog/", include(blog_urls)),
    path("newsletter/", include(newsletter_urls)),
    path("courses/bookings/", include(booking_urls)),
    path("courses/", include(enquiry_urls)),
    path("courses/", include(course_urls)),
    path("search/", include(search_urls)),
    path("", include(wagtail_urls)),
]

if settings.EMAIL_PROVIDER:
    urlpatterns.insert(
        0, path("mail-events/", include(mail_events.urls_of(settings.EMAIL_PROVIDER)))
    )

if apps.is_installed("django_mail_preview"):  # in development
    urlpatterns.insert(0, path("mail/", include("django_mail_preview.urls")))
