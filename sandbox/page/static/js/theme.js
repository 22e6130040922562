// Puts the chosen theme in place before anything is painted, so that a dark page never flashes white.
(() => {
  try {
    const chosen = JSON.parse(localStorage.getItem("centralita") ?? "{}").theme;
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // a private window without storage: the system's theme then
  }
})();
