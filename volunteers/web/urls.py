from django.urls import path

from volunteers.web import profile

urlpatterns = [
    path("me/", profile.me, name="me"),
    path("me/leave/", profile.leave, name="leave"),
    path("me/history/", profile.my_history, name="my_history"),
]
