"""Addresses of signing in, of the start page and of the people page."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path

from hearback.foundation.people import views

app_name = "people"
desk_patterns = [
    path("", views.desk, name="desk"),
    path("second-factor/", views.second_factor, name="second-factor"),
    path("welcome/<str:number>/<str:token>/", views.first_sign_in, name="first-sign-in"),
    path("people/", views.everybody, name="everybody"),
    path("people/<str:username>/", views.person, name="person"),
    path("people/<str:username>/names/", views.correct_names, name="correct-names"),
    path("people/<str:username>/role/", views.change_role, name="change-role"),
    path("people/<str:username>/start-again/", views.start_again, name="start-again"),
    path("people/<str:username>/goodbye/", views.say_goodbye, name="say-goodbye"),
]

sign_in_patterns = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("sign-in/", include("allauth.mfa.urls")),
]
"""allauth's pages that Hearback uses, under allauth's names; those for e-mail and for signing up do not exist here."""
