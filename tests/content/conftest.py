"""Properties are searched without a clock: a slow machine is no mistake."""

from hypothesis import settings

settings.register_profile("course", deadline=None)
settings.load_profile("course")
