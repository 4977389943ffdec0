from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.video_hosts import video_at

YOUTUBE = (
    "https://www.youtube.com/watch?v=a1B2c3D4e5F",
    "https://www.youtube-nocookie.com/embed/a1B2c3D4e5F?autoplay=1&rel=0",
)
SHORT, UUID = "kkGMgK9ZtnKfYAgnEtQxbv", "9c9de5e8-0a1e-484a-b099-e80766180a6d"


@pytest.mark.parametrize(
    "address",
    [
        "https://www.youtube.com/watch?v=a1B2c3D4e5F&t=42s&list=PL1", "https://youtu.be/a1B2c3D4e5F?si=xyz",
        "https://m.youtube.com/watch?app=desktop&v=a1B2c3D4e5F", "https://www.youtube.com/shorts/a1B2c3D4e5F",
        "https://www.youtube.com/live/a1B2c3D4e5F?feature=share", "https://www.youtube-nocookie.com/embed/a1B2c3D4e5F",
        "http://youtube.com/embed/a1B2c3D4e5F", "https://music.youtube.com/watch?v=a1B2c3D4e5F",
    ],
)  # fmt: skip
def test_every_spelling_of_a_youtube_address_is_the_same_video_and_plays_without_cookies(address: str) -> None:
    video = video_at(address)
    assert video is not None
    assert (video.page, video.player) == YOUTUBE
    assert video.origin == "https://www.youtube-nocookie.com"
    assert video.host_name == "YouTube"


@pytest.mark.parametrize(
    ("address", "page", "player"),
    [
        ("https://vimeo.com/76979871", "https://vimeo.com/76979871", "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        ("https://player.vimeo.com/video/76979871?h=8272103f6e", "https://vimeo.com/76979871/8272103f6e",
         "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1&h=8272103f6e"),
        ("https://vimeo.com/channels/staffpicks/76979871", "https://vimeo.com/76979871",
         "https://player.vimeo.com/video/76979871?dnt=1&autoplay=1"),
        ("https://www.dailymotion.com/video/x84sh87", "https://www.dailymotion.com/video/x84sh87",
         "https://geo.dailymotion.com/player.html?video=x84sh87"),
        ("https://dai.ly/x84sh87", "https://www.dailymotion.com/video/x84sh87",
         "https://geo.dailymotion.com/player.html?video=x84sh87"),
        (f"https://tube.example/w/{SHORT}", f"https://tube.example/w/{SHORT}",
         f"https://tube.example/videos/embed/{SHORT}?autoplay=1&p2p=0"),
        (f"https://tube.example/videos/watch/{UUID}?start=3", f"https://tube.example/w/{UUID}",
         f"https://tube.example/videos/embed/{UUID}?autoplay=1&p2p=0"),
    ],
    ids=["vimeo", "vimeo unlisted", "vimeo channel", "dailymotion", "dai.ly", "peertube", "peertube uuid"],
)  # fmt: skip
def test_other_hosts_are_known_by_their_addresses(address: str, page: str, player: str) -> None:
    video = video_at(address)
    assert video is not None
    assert (video.page, video.player) == (page, player)
    assert video_at(video.page) == video, "its own page is the same video"


@pytest.mark.parametrize(
    "address",
    [
        "", "https://www.youtube.com/", "https://www.youtube.com/watch?v=short", "https://www.youtube.com/@channel",
        "https://youtube.com.evil.example/watch?v=a1B2c3D4e5F", "https://evil.example/?u=https://youtu.be/a1B2c3D4e5F",
        "https://vimeo.com/about", "https://vimeo.com/76979871?h=\"on=", "javascript:alert(1)//youtu.be/a1B2c3D4e5F",
        f"http://tube.example/w/{SHORT}", f"https://tube.example:8443/w/{SHORT}", "https://tube.example/w/short",
        f"https://user@tube.example/w/{SHORT}", "https://youtu.be/a1B2c3D4e5F\n", "https://[tube/w/x",
    ],
)  # fmt: skip
def test_what_is_no_video_address_is_none(address: str) -> None:
    assert video_at(address) is None


@given(
    st.text(max_size=60)
    | st.sampled_from(["https://youtu.be/", "https://vimeo.com/", "https://a.example/w/"]).flatmap(
        lambda start: st.text(max_size=30).map(lambda rest: start + rest)
    )
)
def test_no_address_makes_it_fall_over_and_a_player_stands_on_a_host_over_tls(address: str) -> None:
    video = video_at(address)
    assert video is None or video.origin.startswith("https://")
