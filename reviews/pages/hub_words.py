"""What do the hubs say about their kind or type, in our own words?"""

from __future__ import annotations

from catalog.kinds import Kind, ProductType

KIND_INTROS: dict[Kind, tuple[str, ...]] = {
    Kind.HEADPHONES: (
        "Headphones are made for listening: two small loudspeakers and, at most, a microphone for the odd call.",
        "What you pay for is sound, quiet and comfort. Pick headphones when nobody at the other end depends on your "
        "voice: for music, films, travel, or work on sound itself.",
    ),
    Kind.HEADSET: (
        "A headset is made for conversation: it adds a microphone that carries your voice to people who need it.",
        "What you pay for is being understood, for hours. Pick a headset for calls, games with a team, a flight deck "
        "or a service desk, and accept that music comes second on most of them.",
    ),
}

TYPE_INTROS: dict[ProductType, tuple[str, ...]] = {
    ProductType.OVER_EAR: (
        "Over-ear headphones enclose the whole ear. The large cushions seal out noise and carry the weight.",
        "They suit long listening at a desk or on a journey. Closed backs keep sound in; open backs let it breathe, "
        "and let everybody near you hear it.",
    ),
    ProductType.ON_EAR: (
        "On-ear headphones rest on the ear instead of around it: lighter, smaller in a bag, cooler on the head.",
        "The price is pressure on the ear after an hour or two and less isolation than a full cup gives.",
    ),
    ProductType.IN_EAR: (
        "In-ear headphones sit in the ear canal and seal it, so a small part shuts out a lot of noise.",
        "They go anywhere and stay put in sport. Fit decides everything: try all the tips in the box before judging "
        "the bass.",
    ),
    ProductType.WIRELESS: (
        "Wireless headphones trade the cable for a battery and a radio link, most often Bluetooth.",
        "Look at hours per charge, at whether two devices can be connected at once, and at the delay if you watch "
        "films or play.",
    ),
    ProductType.NOISE_CANCELLING: (
        "Noise-cancelling headphones measure the noise around you and play its mirror image, so that less is left.",
        "It works best on steady, low sounds such as engines and air conditioning, least on voices. It is not hearing "
        "protection.",
    ),
    ProductType.GAMING: (
        "Gaming headsets put a boom microphone on headphones with little delay, so a team can hear and be heard.",
        "Check first which console or computer they connect to, and how: the wireless ones often work on one "
        "platform and not on its neighbour.",
    ),
    ProductType.BUSINESS: (
        "Business headsets are built for calls all day: a microphone that drops the office around you, and controls "
        "that your meeting software understands.",
        "Certification for your software matters more here than sound. So does a mute you can find without looking.",
    ),
    ProductType.AVIATION: (
        "Aviation headsets protect hearing in a loud cockpit and keep the radio understandable.",
        "The plug has to fit the aircraft. Active noise reduction helps against propellers, passive protection works "
        "when the batteries do not.",
    ),
    ProductType.CALL_CENTRE: (
        "Call-centre headsets are light, hard to break and easy to clean, because several people may wear one.",
        "One-eared models keep the room audible; quick-disconnect plugs let you stand up without ending the call.",
    ),
    ProductType.BLUETOOTH: (
        "Bluetooth headsets connect a phone and a voice without a cable, often in one ear only.",
        "They suit calls on the move. Wind, battery and how firmly they sit matter more than anything on the box.",
    ),
}
