"""Where the images of an appliance are found, below the base of the API."""

from django.urls import path

from api.npm.views import images

urlpatterns = [
    path("images", images.Images.as_view(), name="npm-images"),
    path("images/fetch", images.Fetch.as_view(), name="npm-images-fetch"),
    path("images/upload", images.Upload.as_view(), name="npm-images-upload"),
    path("images/items/<str:image_id>", images.OneImage.as_view(), name="npm-image"),
]
