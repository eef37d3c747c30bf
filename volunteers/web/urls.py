from django.urls import path

from volunteers.web import certificates, companions, profile

urlpatterns = [
    path("me/", profile.me, name="me"),
    path("me/leave/", profile.leave, name="leave"),
    path("me/companions/", companions.my_companions, name="my_companions"),
    path("t/<slug:token>/", companions.companion_answer, name="companion_answer"),
    path("me/record/", certificates.record, name="my_record"),
    path("me/record/record.<slug:ending>", certificates.record_file, name="record_file"),
    path("me/certificates/<slug:number>/<slug:language>.pdf", certificates.certificate_paper, name="certificate_paper"),
    path("v/", certificates.certificate_check, name="certificate_look"),
    path("v/<slug:number>/", certificates.certificate_check, name="certificate_check"),
    path("me/history/", profile.my_history, name="my_history"),
]
