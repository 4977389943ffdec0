"""What do the browsers people hold in their hands say of themselves? No list of machines may match any of these.

Written by us in the form each browser uses; models and versions are examples.
"""

from __future__ import annotations

_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko)"
_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
_IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) {_SAFARI}"
_PIXEL = "Mozilla/5.0 (Linux; Android 15; Pixel 9 Build/AP3A.241105.007; wv)"
_WINDOWS = f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Chrome/141.0.0.0 Safari/537.36"
_MAC = f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_CHROME}"
_VIEW = f"{_CHROME} Version/4.0 Chrome/140.0.7339.51 Mobile Safari/537.36"

REAL_BROWSERS = (
    # on a desk
    _WINDOWS,
    f"{_WINDOWS} Edg/141.0.0.0",
    f"{_WINDOWS} OPR/121.0.0.0",
    f"{_WINDOWS} Vivaldi/7.5",
    f"{_WINDOWS} YaBrowser/25.8.0.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
    "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 5.1; Trident/4.0; .NET CLR 2.0.50727)",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI} Version/18.3 Safari/605.1.15",
    f"{_MAC} Chrome/141.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (X11; CrOS x86_64 16181.61.0) {_CHROME} Chrome/141.0.0.0 Safari/537.36",
    f"Mozilla/5.0 (X11; Linux x86_64) {_CHROME} QtWebEngine/6.7.2 Chrome/118.0.5993.220 Safari/537.36",
    f"Mozilla/5.0 (X11; Linux x86_64) {_SAFARI} Version/17.0 Safari/605.1.15 Epiphany/605.1.15",
    # programs with a browser inside, in which people read
    f"{_MAC} Code/1.104.0 Chrome/138.0.7204.235 Electron/37.3.1 Safari/537.36",
    f"{_MAC} Trae/1.104.0 Chrome/138.0.7204.235 Electron/37.3.1 Safari/537.36",
    f"{_MAC} Slack/4.45.69 Chrome/138.0.7204.97 Electron/37.2.0 Safari/537.36 Sonic Slack_SSB/4.45.69",
    "Mozilla/5.0 (Macintosh; U; Intel Mac OS X 10_6_8; en-us) AppleWebKit/533.21.1 Fluid/1.6 Safari/533.21.1",
    # in the hand
    f"{_IPHONE} Version/18.3 Mobile/15E148 Safari/604.1",
    f"{_IPHONE} CriOS/141.0.7390.41 Mobile/15E148 Safari/604.1",
    f"{_IPHONE} FxiOS/143.0 Mobile/15E148 Safari/605.1.15",
    f"{_IPHONE} EdgiOS/141.0.3537.57 Version/18.0 Mobile/15E148 Safari/604.1",
    f"{_IPHONE} GSA/388.0.811331708 Mobile/15E148 Safari/604.1",
    f"{_IPHONE} Version/18.3 Mobile/15E148 DuckDuckGo/7 Safari/605.1.15",
    f"Mozilla/5.0 (iPad; CPU OS 17_6 like Mac OS X) {_SAFARI} Version/17.6 Mobile/15E148 Safari/604.1",
    f"Mozilla/5.0 (Linux; Android 10; K) {_CHROME} Chrome/141.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 15; SM-S931B) {_CHROME} SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; Android 14; CUBOT P80) {_CHROME} Chrome/139.0.0.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; U; Android 14; 2312DRA50G) {_CHROME} Chrome/122.0 Mobile Safari/537.36 MiuiBrowser/14.2",
    f"Mozilla/5.0 (Linux; Android 12; HarmonyOS; NOH-AN00) {_CHROME} HuaweiBrowser/15.0 Mobile Safari/537.36",
    f"Mozilla/5.0 (Linux; U; Android 13; en-US; V2225) {_CHROME} UCBrowser/13.4 U3/0.8.0 Mobile Safari/534.30",
    "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0",
    f"Mozilla/5.0 (Linux; Android 11; KFTRWI) {_CHROME} Silk/128.4 like Chrome/128.0 Safari/537.36",
    "Mozilla/5.0 (Mobile; Nokia_8110_4G; rv:48.0) Gecko/48.0 Firefox/48.0 KAIOS/2.5",
    "Opera/9.80 (Android; Opera Mini/87.0.2254/191.338; U; en) Presto/2.12.423 Version/12.16",
    # inside the apps they came from
    f"{_PIXEL} {_VIEW} Instagram 399.0.0.44.85 Android (35/15; 420dpi; 1080x2424; Google; Pixel 9; tokay; de_DE)",
    f"Mozilla/5.0 (Linux; Android 15; CPH2557 Build/AP3A.240617.008; wv) {_VIEW}",
    f"{_PIXEL} {_VIEW} [FB_IAB/FB4A;FBAV/529.0.0.44.109;IABMV/1;]",
    f"{_PIXEL} {_VIEW} MetaIAB Facebook",
    f"{_IPHONE} Mobile/22D60 [FBAN/FBIOS;FBAV/530.0.0.31.107;FBDV/iPhone15,3;FBSV/18.3]",
    f"{_IPHONE} Mobile/22D60 Instagram 399.0.0.28.84 (iPhone15,3; iOS 18_3; de_DE; scale=3.00)",
    f"{_PIXEL} {_VIEW} trill_410305 BytedanceWebview/d8a21c6",
    f"{_IPHONE} Mobile/15E148 musical_ly_41.3.0 BytedanceWebview/d8a21c6",
    f"{_PIXEL} {_VIEW} Viber/26.1.2.0",
    f"{_IPHONE} Mobile/15E148 Safari Line/15.14.0",
    f"{_PIXEL} {_VIEW} MicroMessenger/8.0.50.2701(0x28003253) Process/appbrand0 NetType/WIFI",
    f"{_IPHONE} Mobile/15E148 Snapchat/13.56.0.43",
    f"{_PIXEL} {_VIEW} [Pinterest/Android]",
    f"{_PIXEL} {_VIEW} GSA/16.37.40.sa.arm64",
    f"{_IPHONE} Mobile/15E148 LinkedInApp/9.31.5",
    f"{_PIXEL} {_VIEW} CamScanner/6.90.0",
    f"{_PIXEL} {_VIEW} Fetch/4.12.0",
    # elsewhere
    f"Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) {_CHROME} Version/8.0 TV Safari/537.36",
    f"Mozilla/5.0 (PlayStation; PlayStation 5/9.00) {_SAFARI} Version/15.4 Safari/605.1.15",
    f"Mozilla/5.0 (Linux; Android 12; Quest 3) {_CHROME} OculusBrowser/38.0 Chrome/136.0 VR Safari/537.36",
    "Lynx/2.9.2 libwww-FM/2.14 SSL-MM/1.4.1 OpenSSL/3.0.15",
)
