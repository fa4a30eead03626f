"""Where things are."""

from django.urls import path

from bookshop import views

urlpatterns = [path("orders", views.order), path("broken", views.broken)]
