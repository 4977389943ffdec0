"""Which of the activities found is only a shade of another one, and which goes on meanwhile?"""

from __future__ import annotations

from decimal import Decimal

HANDS = {"multitasking_housework", "multitasking_work"}
# Whoever flies at home flies a game.
_IN_THE_AIR = ("aviation_pilot", "air_traffic_control")
# An activity that is only a shade of another one: when the first is there, the second is not meant.
_SWALLOWS = {
    "call_centre": ("phone_calls", "customer_support", "driving", "online_class", "video_meetings"),
    "customer_support": ("phone_calls",),
    "video_meetings": ("phone_calls", "kids_listening"),
    "phone_calls": ("kids_listening",),
    "gaming_voice": ("phone_calls", "exercise", "industrial_comms", "kids_listening", "driving", *_IN_THE_AIR),
    "gaming_solo": ("exercise", "kids_listening", "driving", *_IN_THE_AIR),
    "gaming_unknown": ("exercise", "kids_listening", "driving", *_IN_THE_AIR),
    "aviation_pilot": ("travel_passenger", "radio_listening", "driving", "phone_calls", "industrial_comms", "dj"),
    "air_traffic_control": ("travel_passenger", "radio_listening", "phone_calls", "industrial_comms"),
    "podcast_hosting": ("podcasts_audiobooks", "video_meetings", "multitasking_housework"),
    "studio_tracking": ("music", "voice_recording", "dj", "instrument_practice", "live_performance"),
    "transcription": ("dictation", "podcasts_audiobooks", "voice_recording", "studio_tracking",
                      "online_class", "movies_tv", "study_focus", "multitasking_work"),
    "voice_recording": ("online_class", "movies_tv", "podcasts_audiobooks", "kids_listening", "sleep", "dj"),
    "swimming": ("exercise",),
    "online_class": ("kids_listening", "study_focus"),
    "broadcasting": ("radio_listening", "movies_tv", "exercise", "live_performance", "driving"),
    "live_performance": ("music", "instrument_practice", "multitasking_work", "studio_tracking", "phone_calls", "dj",
                         "swimming", "kids_listening"),
    "streaming_live": ("multitasking_work", "gaming_solo", "gaming_unknown"),
    "instrument_practice": ("music",),
    "dj": ("music", "exercise"),
    "audio_editing_mixing": ("movies_tv", "podcasts_audiobooks", "music"),
    "video_creation": ("movies_tv", "voice_recording", "audio_editing_mixing", *HANDS),
    "industrial_comms": ("travel_passenger", "driving", "radio_listening", "multitasking_work", "dj"),
    "sleep": ("multitasking_housework",),
}  # fmt: skip
# What one does meanwhile counts less than what one listens to or says.
_BACKGROUND = (
    "multitasking_work",
    "multitasking_housework",
    "commuting",
    "exercise",
    "travel_passenger",
    "kids_listening",
)
_MEANWHILE = Decimal("0.5")


def sorted_out(weights: dict[str, Decimal]) -> dict[str, Decimal]:
    """The weights without what is only a shade of something else, and with less of what goes on meanwhile."""
    kept = dict(weights)
    if "online_class" in kept and kept["online_class"] >= kept.get("video_meetings", Decimal(0)):
        # a course over a meeting programme is a course
        kept.pop("video_meetings", None)
    for name, shades in _SWALLOWS.items():
        if name in kept:
            for shade in shades:
                kept.pop(shade, None)
    if "sleep" in kept and "phone_calls" not in kept:
        # a driver who sleeps is not at the wheel
        kept.pop("driving", None)
    others = [name for name in kept if name not in _BACKGROUND]
    if others:
        for name in _BACKGROUND:
            if name in kept:
                kept[name] *= _MEANWHILE
    return kept
