"""Names and passwords of a hub that stands alone, without a school's directory."""

from jupyterhub.handlers.login import LoginHandler
from nativeauthenticator import NativeAuthenticator
from nativeauthenticator.handlers import ChangePasswordHandler


class ClassroomAuthenticator(NativeAuthenticator):
    """NativeAuthenticator's passwords, with JupyterHub's own page to log in, and one to change them.

    Accounts come from `revise hub enrol`. NativeAuthenticator's pages to sign up and to authorise go,
    and with them their danger: they act on a plain GET, so a picture in a submitted notebook could
    authorise somebody, or lock its teacher out. Its page to log in is of JupyterHub before 6.
    """

    def get_handlers(self, app):
        return [("/login", LoginHandler), ("/change-password", ChangePasswordHandler)]
