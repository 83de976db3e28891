# Finds Chromium for the browser tests, and installs it where that needs nobody's leave (root, apt).
# Where it cannot, it names what to install; the browser tests then fail with the same advice.
[ "${REVISE_BROWSER:-}" = none ] && exit 0
[ -n "${REVISE_BROWSER:-}" ] && exit 0
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
[ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] && exit 0
[ -x "/Applications/Chromium.app/Contents/MacOS/Chromium" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing Chromium for the browser tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } >/dev/null && exit 0
fi
echo "The browser tests need Chromium or Chrome: install it (Debian: apt install chromium; macOS: brew install --cask google-chrome), or leave them out with REVISE_BROWSER=none" >&2
