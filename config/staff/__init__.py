"""How does the newsroom sign in? A password, a second factor, sessions somebody can see and end; by django-allauth.

`addresses` says which of the library's pages there are, `site` what the desk asks for, `adapter` where the library is
told our rules, `sessions` how long somebody stays signed in, `log` what is written down of all that.
"""
