// The search result and the shared link follow the article's form while one types. Widths are counted with the table
// that the server counts with (reviews/snippet_width.py); which titles are alike, the server is asked.
{
  const place = document.querySelector("[data-snippet]");
  const said = document.getElementById("snippet-table");
  const table = said && JSON.parse(said.textContent);
  const field = (name) => document.getElementById(`id_${name}`);
  const typed = (name) => (field(name) ? field(name).value : "").split(/\s+/).filter(Boolean).join(" ");

  const advance = (sign) => {
    const known = table.widths[sign];
    if (known !== undefined) return known;
    if (/[\p{M}\p{Cf}]/u.test(sign)) return 0;
    return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Emoji_Presentation}\u3000-\u303f\uff01-\uff60\uffe0-\uffe6]/u.test(sign)
      ? table.em
      : table.other;
  };
  const pixels = (text, size) => Math.ceil(([...text].reduce((sum, sign) => sum + advance(sign), 0) * size) / table.em);

  const shown = (text, line) => {
    if (pixels(text, line.size) <= line.room) return text;
    let end = text.length;
    while (end > 0 && pixels(`${text.slice(0, end).trimEnd()} ...`, line.size) > line.room) {
      const space = text.lastIndexOf(" ", end - 1);
      end = space > 0 ? space : end - 1;
    }
    return `${text.slice(0, end).trimEnd()} ...`;
  };

  const put = (name, text) => {
    place.querySelector(`[data-snippet-${name}]`).textContent = text;
  };
  const measure = (name, text, line) => {
    const wide = pixels(text, line.size);
    put(name, shown(text, line));
    put(`${name}-width`, `${wide} of ${line.room} px`);
    place.querySelector(`[data-snippet-${name}-meter]`).value = wide;
    const end = name === "title" ? `${line.room} px are shown.` : `about ${line.room} px are shown.`;
    return wide > line.room ? [`The ${name} is ${wide} px wide; ${end}`] : [];
  };

  let warnings = [];
  let cut = [];
  const advise = () => {
    const list = place.querySelector("[data-snippet-advice]");
    const wanted = [...warnings, ...cut];
    if (wanted.join("\n") === [...list.children].map((item) => item.textContent).join("\n")) return;
    list.replaceChildren(
      ...wanted.map((words) => {
        const item = document.createElement("li");
        item.textContent = words;
        return item;
      }),
    );
  };

  const draw = () => {
    const title = typed("seo_title") || typed("title");
    const words = typed("seo_description") || typed("standfirst");
    const named = title && [...title].length < table.nameBelow ? `${title} – ${table.site}` : title;
    const section = table.sections[typed("kind")] || "";
    put("trail", [table.host, section, typed("slug")].filter(Boolean).join(" › "));
    put("card", title);
    put("card-words", words);
    cut = [...measure("title", named, table.title), ...measure("description", words, table.description)];
    advise();
  };

  let waiting = 0;
  let asked = 0;
  const ask = async () => {
    const mine = (asked += 1);
    const values = ["title", "seo_title", "seo_description", "standfirst", "slug", "kind"].map((name) => [name, typed(name)]);
    const query = new URLSearchParams([...values, ["article", place.dataset.article]]);
    try {
      const answer = await fetch(`${place.dataset.titlesUrl}?${query}`, { headers: { Accept: "application/json" } });
      const told = answer.ok ? await answer.json() : null;
      if (told && mine === asked) {
        warnings = told.advice;
        advise();
      }
    } catch {
      // Away from the network the widths still count; the answer comes with the next key.
    }
  };

  if (place && table) {
    warnings = [...place.querySelectorAll("[data-snippet-advice] li")].map((item) => item.textContent).filter((words) => !/ px wide; /.test(words));
    const names = new Set(["title", "seo_title", "seo_description", "standfirst", "slug", "kind"].map((name) => `id_${name}`));
    const follow = (event) => {
      if (!names.has(event.target.id)) return;
      // Django's script writes the slug after this event, without one of its own.
      setTimeout(draw);
      clearTimeout(waiting);
      waiting = setTimeout(ask, 500);
    };
    document.addEventListener("input", follow);
    document.addEventListener("change", follow);
    draw();
  }
}
