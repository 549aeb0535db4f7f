// Which page is shown: the part of the address behind the `#` says it.

async function main() {
  const report = await unpack("report");
  byId("loading").hidden = true;
  document.title = `Parakit: ${report.subject}`;
  const pages = { summary: new Summary(report), requirements: new Requirements(report), runs: new Runs(report), run: new RunPage(byId("page-run"), report) };

  async function route() {
    const parameters = new URLSearchParams(location.hash.slice(1));
    let page = parameters.has("run") ? "run" : [...parameters.keys()][0] ?? "summary";
    if (!Object.hasOwn(pages, page)) page = "summary";
    for (const name of Object.keys(pages)) byId(`page-${name}`).hidden = name !== page;
    document.querySelectorAll("#tabs a").forEach((tab) => {
      if (tab.dataset.page === page) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    });
    document.body.classList.toggle("wide", page === "run");
    if (page === "run") {
      const asked = parameters.get("run"), seq = parameters.has("event") ? Number(parameters.get("event")) : null;
      const no = /^\d+$/.test(asked) ? Number(asked) : -1;
      byId("tab-run").hidden = false;
      byId("tab-run").href = location.hash;
      pages.run.wanted = no;
      await pages.run.show(no, Number.isSafeInteger(seq) ? seq : null);
    } else {
      pages[page].show?.(parameters);
      window.scrollTo(0, 0);
    }
  }
  window.addEventListener("hashchange", () => {
    // Nothing is shown twice at a time: a run that unpacks finds out that another one is wanted.
    route().catch(failed);
  });

  const themes = ["auto", "light", "dark"], theme = byId("theme");
  const repaint = () => {
    forgetPalette();
    pages.run.timeline.redraw();
    pages.run.overview.forget();
    pages.run.ring.redraw();
  };
  theme.onclick = () => {
    const next = themes[(themes.indexOf(document.documentElement.dataset.theme) + 1) % 3];
    document.documentElement.dataset.theme = next;
    theme.textContent = `Theme: ${next}`;
    repaint();
  };
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
  // For tests and the curious: what is shown and how long the last drawing took.
  window.parakit = { report, pages };
  await route();
  document.documentElement.dataset.ready = "yes";
}

function failed(error) {
  const loading = byId("loading");
  loading.hidden = false;
  loading.textContent = `This report cannot be shown: ${error.message}. A browser of 2023 or later shows it.`;
  document.documentElement.dataset.ready = "failed";
}

main().catch(failed);
