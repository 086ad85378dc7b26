"""Login, sign-up and logout, by allauth; only these three are offered."""

from allauth.account import views as allauth

login = allauth.login
signup = allauth.signup
logout = allauth.logout  # GET asks, POST does it: a link on another site must not log anyone out
