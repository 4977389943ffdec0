"""What do other people and programs call our activities?"""

from __future__ import annotations

# "Podcasting" is absent on purpose: host or listener?
SYNONYMS = {
    "zoom": "video_meetings",
    "teams": "video_meetings",
    "google_meet": "video_meetings",
    "meetings": "video_meetings",
    "video_calls": "video_meetings",
    "video_conferencing": "video_meetings",
    "calls": "phone_calls",
    "phone": "phone_calls",
    "call_center": "call_centre",
    "podcasts": "podcasts_audiobooks",
    "audiobooks": "podcasts_audiobooks",
    "movies": "movies_tv",
    "films": "movies_tv",
    "tv": "movies_tv",
    "radio": "radio_listening",
    "mixing": "audio_editing_mixing",
    "gaming": "gaming_unknown",
    "sport": "exercise",
    "running": "exercise",
    "commute": "commuting",
    "travel": "travel_passenger",
    "flying_passenger": "travel_passenger",
    "studying": "study_focus",
    "youtube": "video_creation",
    "streaming": "streaming_live",
    "pilot": "aviation_pilot",
    "djing": "dj",
}
