"""What an account is offered: avatars, photos, voices; how it is kept and searched."""

from specfile.catalogue.values import Avatar, Catalogue, Group, Kind, Locale, Voice, laid_over, laid_together

__all__ = ["Avatar", "Catalogue", "Group", "Kind", "Locale", "Voice", "laid_over", "laid_together"]
