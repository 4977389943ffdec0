"""Which words do needs, rules and answers speak? The closed lists of the decision vocabulary, in their fixed order."""

from __future__ import annotations

ACTIVITIES = (
    "gaming_voice",
    "gaming_solo",
    "gaming_unknown",
    "video_meetings",
    "call_centre",
    "customer_support",
    "phone_calls",
    "aviation_pilot",
    "air_traffic_control",
    "dictation",
    "voice_recording",
    "transcription",
    "driving",
    "live_performance",
    "broadcasting",
    "streaming_live",
    "podcast_hosting",
    "video_creation",
    "online_class",
    "multitasking_work",
    "multitasking_housework",
    "music",
    "podcasts_audiobooks",
    "movies_tv",
    "radio_listening",
    "audio_editing_mixing",
    "studio_tracking",
    "instrument_practice",
    "dj",
    "commuting",
    "exercise",
    "swimming",
    "travel_passenger",
    "study_focus",
    "sleep",
    "kids_listening",
    "industrial_comms",
    "unknown",
)

# What the shopper's own voice has to do with an activity. Rules read the summed weights as `share.<group>`.
ACTIVITY_GROUPS = {
    # somebody at the other end waits for the answer
    "speaking": (
        "gaming_voice",
        "video_meetings",
        "call_centre",
        "customer_support",
        "phone_calls",
        "aviation_pilot",
        "air_traffic_control",
        "dictation",
        "driving",
        "online_class",
        "industrial_comms",
    ),
    # the voice is the product, and the microphone a matter of craft
    "performing": (
        "voice_recording",
        "live_performance",
        "broadcasting",
        "streaming_live",
        "podcast_hosting",
        "video_creation",
    ),
    # the ears do the work
    "listening": (
        "gaming_solo",
        "transcription",
        "music",
        "podcasts_audiobooks",
        "movies_tv",
        "radio_listening",
        "audio_editing_mixing",
        "studio_tracking",
        "instrument_practice",
        "dj",
        "commuting",
        "exercise",
        "swimming",
        "travel_passenger",
        "study_focus",
        "sleep",
        "kids_listening",
    ),
    # what a second device does better than the one for talk
    "apart": ("audio_editing_mixing", "studio_tracking", "kids_listening"),
    # hands are busy; what is heard or said is told by the rest
    "handling": ("multitasking_work", "multitasking_housework"),
    # we do not know yet whether a voice is needed
    "open": ("gaming_unknown", "unknown"),
}

ENVIRONMENTS = (
    "quiet_home",
    "home",
    "shared_home",
    "quiet_office",
    "office",
    "open_office",
    "noisy",
    "very_noisy",
    "cockpit",
    "control_room",
    "vehicle",
    "traffic",
    "outdoors",
    "train",
    "tram",
    "bus",
    "aeroplane_cabin",
    "airport",
    "stage",
    "stadium",
    "studio",
    "warehouse",
    "construction",
    "courtroom",
    "library",
    "gym",
    "water",
)
PLATFORMS = (
    "pc",
    "phone",
    "tablet",
    "tv",
    "dap",
    "xbox",
    "playstation",
    "switch",
    "desk_phone",
    "aircraft_intercom",
)
CONNECTORS = (
    "jack_3_5mm",
    "jack_6_35mm",
    "dual_3_5mm",
    "balanced_4_4mm",
    "usb_a",
    "usb_c",
    "lightning_or_usb_c",
    "xlr",
    "ga_dual_plug",
    "helicopter_u174",
)
MIC_NEEDS = ("required", "occasional", "none", "forbidden")
ISOLATION = ("none", "high")
AWARENESS = ("none", "nice", "required")
PORTABILITY = ("medium", "high")
CONNECTION = ("wired", "wireless", "either")
SOUND_PRIORITY = ("normal", "top")
# shapes by their type names, spelt like the other values of the needs
FORMS = ("over_ear", "on_ear", "in_ear")
EARS = ("one", "two")
HEARING_LIMITS = ("child", "teen", "strict")
# features that are asked for by name, and those that are refused by name; what has a field of its own is not here
ASKED_FEATURES = (
    "mic_high_quality",
    "mic_noise_cancelling",
    "mic_mute",
    "wired",
    "bluetooth",
    "dect",
    "low_latency_wireless",
    "anc",
    "passive_isolation",
    "closed_back",
    "open_back",
    "lightweight",
    "durable",
    "long_battery",
    "professional_look",
    "hands_free",
    "multipoint",
    "hygiene_wipeable",
    "low_profile",
)
REFUSED_FEATURES = ("wireless", "bluetooth", "dect", "anc", "rgb", "boom_mic")

KINDS = ("headset", "headphones")
HEADSET_TYPES = ("gaming", "business", "aviation", "call-centre", "bluetooth")
HEADPHONE_TYPES = ("over-ear", "on-ear", "in-ear")
TYPES = HEADSET_TYPES + HEADPHONE_TYPES
FACETS = ("wireless", "noise-cancelling")

FEATURES = (
    "mic_builtin",
    "mic_high_quality",
    "mic_noise_cancelling",
    "mic_mute",
    "wireless",
    "wired",
    "bluetooth",
    "dect",
    "usb",
    "usb_c",
    "jack_3_5mm",
    "jack_6_35mm",
    "balanced_4_4mm",
    "low_latency_wireless",
    "anc",
    "passive_isolation",
    "noise_reduction",
    "closed_back",
    "open_back",
    "awareness",
    "single_ear",
    "two_ear",
    "stereo",
    "comfort_long_wear",
    "lightweight",
    "durable",
    "foldable",
    "compact",
    "water_resistant",
    "waterproof",
    "volume_limited",
    "child_size",
    "accurate_sound",
    "high_fidelity",
    "immersive_audio",
    "long_battery",
    "glasses_friendly",
    "professional_look",
    "hands_free",
    "aviation_plug",
    "hearing_protection",
    "multipoint",
    "platform_xbox",
    "platform_playstation",
    "rgb",
    "hygiene_wipeable",
    "low_profile",
)
# Words that can only be refused, never asked for; `type:<type>` may be refused beside them.
ONLY_EXCLUDED = (
    "in-ear",
    "on-ear",
    "over-ear",
    "usb_only",
    "wireless_only",
    "bluetooth_only",
    "boom_mic",
    "anc_without_transparency",
)
EXCLUDABLE = FEATURES + ONLY_EXCLUDED + tuple(f"type:{name}" for name in TYPES)

ADVISORIES = (
    "driving_single_ear",
    "traffic_awareness",
    "hearing_general",
    "hearing_children",
    "budget_below_typical",
    "cleaning_dry_cloth",
    "anc_is_not_ppe",
)
# The questions a decision may ask. Each names what we would have to know.
QUESTIONS = (
    "activities",  # what will you do with it?
    "gaming_voice",  # do you talk to others while playing?
    "separate_mic",  # have you a microphone of your own that stays in use?
    "priority",  # which of two uses matters more?
    "mic_forbidden",  # the work needs a voice, and microphones are not allowed: which holds?
)
OUTCOMES = ("match", "clarify")
