from django.urls import path

from pasaj.share import views

app_name = "share"
urlpatterns = [path("releases/", views.release_list, name="release-list")]
