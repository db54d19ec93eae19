// SPDX-License-Identifier: Apache-2.0
// A register on paper: whose it is, when it was printed, how many lines, a line each, and where to sign. It is made when
// it is asked for and is gone after printing; the style sheet leaves nothing else on the paper and numbers the pages.
import { render, type ComponentChildren } from "preact";
import { t } from "../lib/i18n.ts";
import { full } from "../lib/time.ts";
import { now, session } from "../store/session.ts";
import { one } from "../store/store.ts";

export interface PaperTable {
  title: string;
  heads: string[];
  lines: ComponentChildren[][];
}
export interface PaperRegister extends PaperTable {
  more?: PaperTable[]; // what belongs to it, below
}

function Table({ heads, lines }: PaperTable) {
  return (
    <table>
      <thead>
        <tr>
          {[t("ui.register.nth"), ...heads].map((h) => (
            <th scope="col" key={h}>
              {h}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map((cells, i) => (
          <tr key={i}>
            <td class="num">{i + 1}</td>
            {cells.map((c, k) => (
              <td key={k}>{c}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Paper({ more = [], ...r }: PaperRegister) {
  const agency = one("agencies", session.value?.user.agency)?.name ?? "";
  return (
    <>
      <h1>{r.title}</h1>
      <p>{t("ui.register.of", { agency, time: full(now.peek()).slice(0, 16), n: r.lines.length })}</p>
      <Table {...r} />
      {more.map((x) => (
        <>
          <h2>{x.title}</h2>
          <Table {...x} />
        </>
      ))}
      <div class="signatures">
        <div class="signature">{t("ui.register.maker")}</div>
        <div class="signature">{t("ui.register.chief")}</div>
      </div>
    </>
  );
}

export function printRegister(r: PaperRegister): void {
  document.querySelector("body > .paper-register")?.remove();
  const box = document.createElement("section");
  box.className = "paper-register";
  render(<Paper {...r} />, box);
  document.body.append(box);
  addEventListener(
    "afterprint",
    () => {
      render(null, box);
      box.remove();
    },
    { once: true },
  );
  print();
}
