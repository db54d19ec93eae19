// SPDX-License-Identifier: Apache-2.0
// Every page of the console, once: the gallery photographs them, looks.mjs checks them.
//   name   of the contact sheet
//   path   address, or a function of the page (logged in) that finds one
//   as     whose eyes (a login of the demo); null: nobody's, the door
//   act    what to do before looking (open a dialog, select a row)
import { makeGate } from "./gatekit.mjs";

async function ask(page, method, path, body) {
  return page.evaluate(async ([m, p, b]) => {
    const { csrf } = await (await fetch("/api/v1/session")).json();
    const headers = { "Content-Type": "application/json", "X-CSRF-Token": csrf, "Idempotency-Key": crypto.randomUUID() };
    const answer = await fetch(`/api/v1${p}`, { method: m, headers: m === "GET" ? {} : headers, body: b && JSON.stringify(b) });
    if (!answer.ok) {
      throw new Error(`${m} ${p}: ${answer.status} ${await answer.text()}`);
    }
    return answer.json();
  }, [method, path, body]);
}

const oneOf = (list, page = `/${list}`, more = "") => async (p) => {
  const { items } = await ask(p, "GET", `/${list}?limit=1`);
  if (!items.length) {
    throw new Error(`nothing in ${list} to show`);
  }
  return `${page}/${items[0].id}${more}`;
};

async function triedRule(page) {
  const { items } = await ask(page, "GET", "/rule-texts?limit=50");
  const x = items.find((r) => r.trial_state === "done");
  return `/rules/${x.name}?text=${x.id}`;
}

const regulation = (number) => async (page) => {
  const { items } = await ask(page, "GET", "/regulations?limit=50");
  return `/coord/${items.find((r) => r.number.startsWith(number)).id}`;
};

const accountOf = (login) => async (page) => {
  const { items } = await ask(page, "GET", "/users?limit=50");
  return `/admin/users/${items.find((u) => u.login === login).id}`;
};

async function theySee(page) {
  const police = (await ask(page, "GET", "/agencies?limit=50")).items.find((a) => a.code === "CAT").id;
  return `/coord/view?agency=${police}&role=site_commander&of=sources`;
}

// One posture in force for every page that shows it; declared once.
async function posture(page) {
  const { total } = await ask(page, "GET", "/postures?state=in_force");
  if (!total) {
    const site = (await ask(page, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
    const until = new Date(Date.now() + 2 * 86_400_000).toISOString();
    await ask(page, "POST", "/postures", { site, level: "cao_diem", event: "Đại hội Đảng bộ tỉnh", reason: "Bảo vệ đại hội", until });
  }
  return "/posture";
}

async function declarePosture(page) {
  await page.locator(".page-head .button").first().click();
  await page.locator("dialog[open] select").first().selectOption("dac_biet");
  await page.locator(".posture-changes").waitFor();
}

const musterOf = (kind, more = "") => async (page) => {
  const { items } = await ask(page, "GET", "/musters?limit=50");
  return `/musters/${items.find((m) => m.kind === kind).id}${more}`;
};
const gateFigures = async (page) =>
  `/gate-figures?days=30&site=${(await ask(page, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id}`;

async function lookUpPlate(page) {
  await page.locator(".plate-form input").fill("29A4337");
  await page.locator(".plate-form button").click();
  await page.locator(".plate-found li").first().waitFor();
}

// One clause written out, as far as its sentence.
async function fillRegulation(page) {
  const clause = page.locator(".coord-clause select");
  await page.locator(".coord-parties input:enabled").first().check();
  await clause.nth(0).selectOption({ index: 1 });
  await clause.nth(1).selectOption({ index: 2 });
  await clause.nth(6).selectOption("vault_robbery");
  await page.locator(".coord-sentence").waitFor();
}

// A text the engine refuses, on a phone behind the form.
async function writeWrong(page) {
  const choice = page.locator(".pane-choice");
  if (await choice.isVisible()) {
    await choice.locator("button").last().click();
  }
  await page.locator(".text-pane textarea").fill("name: thu\ntitle: Thử\nlevel: hihg\n");
  await page.locator(".rule-check.bad").waitFor();
}

async function openRecord(page) {
  await page.locator(".vtable tbody button", { hasText: /Xem|Open/ }).first().click();
  await page.locator("dialog[open] select").selectOption("inspection");
  await page.locator("dialog[open] textarea").fill("Kiểm tra danh bạ trực, kế hoạch 12/KH");
  await page.locator("dialog[open] button[type=submit]").click();
  await page.locator(".person-record").waitFor();
}

const bankSite = async (page) => (await ask(page, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
const oneVisit = async (page) => {
  const { items } = await ask(page, "GET", "/visits?limit=50");
  return `/visits/${items.find((v) => v.guests === 2).id}`;
};

const desk = "trucban";
const keeper = "quantri";
export const PAGES = [
  { name: "login", path: "/", as: null },
  { name: "desk", path: "/", as: desk },
  { name: "board", path: "/?site=all", as: desk },
  { name: "guard", path: "/", as: "canhgac" },
  { name: "incidents", path: "/incidents", as: desk },
  { name: "incident", path: oneOf("incidents"), as: desk },
  { name: "newincident", path: "/incidents", as: desk, act: (page) => page.keyboard.press("n") },
  { name: "due", path: "/due", as: desk },
  { name: "second", path: "/second", as: desk },
  { name: "seconddecide", path: "/second", as: desk, act: (page) => page.locator(".second-rows .primary").click() },
  { name: "checklists", path: "/checklists", as: desk },
  { name: "checklist", path: oneOf("checklists"), as: desk },
  { name: "templates", path: "/checklists?view=templates", as: desk },
  { name: "template", path: oneOf("checklist-templates"), as: desk },
  { name: "startcheck", path: "/checklists", as: desk, act: (page) => page.click(".page-head .primary") },
  { name: "sources", path: "/sources", as: desk },
  { name: "listlook", path: "/sources", as: desk, act: (page) => page.locator(".list-tools [aria-expanded]").click() },
  { name: "waiting", path: "/sources?view=waiting", as: keeper },
  { name: "gate", path: "/gate", as: "canhgac", act: standAtGate },
  { name: "gateask", path: "/gate", as: "canhgac", act: async (page) => { await standAtGate(page); await scanAt(page, "X-0001"); } },
  { name: "gatestop", path: "/gate", as: "canhgac", act: async (page) => { await standAtGate(page); await scanAt(page, "T-0002"); } },
  { name: "gatewhy", path: "/gate", as: "canhgac", act: async (page) => {
    await standAtGate(page);
    await scanAt(page, "X-0001");
    await page.locator(".gate-acts .primary").click();
    await page.locator(".gate-why").waitFor();
  } },
  { name: "gatevisitor", path: "/gate", as: "canhgac", act: async (page) => {
    await standAtGate(page);
    await page.keyboard.press("Escape"); // on a low screen nobody is expected while another is decided about
    await page.locator(".gate-due .gate-key", { hasText: "Lã Thị Sen" }).click();
    await page.locator(".gate-rules").waitFor();
  } },
  { name: "gatesetup", path: "/gate", as: "canhgac", act: async (page) => {
    if (await page.locator(".gate-head .gate-key").count()) {
      await page.locator(".gate-head .gate-key").last().click();
    }
    await page.locator(".gate-choices").first().waitFor();
  } },
  { name: "passages", path: "/gate-register", as: "chihuy" },
  { name: "gateholders", path: "/gate-register?view=holders", as: "chihuy" },
  { name: "gateholder", path: "/gate-register?view=holders", as: "chihuy", act: (page) => page.getByText("Nguyễn Văn An").first().click() },
  { name: "gateplaces", path: "/gate-register?view=places", as: "chihuy" },
  { name: "gaterules", path: "/gate-register?view=rules", as: "chihuy" },
  { name: "sites", path: "/sites", as: desk },
  { name: "site", path: oneOf("sites"), as: "nganhang" },
  { name: "siteposts", path: oneOf("sites", "/sites", "?view=posts"), as: "nganhang" },
  { name: "sitezones", path: oneOf("sites", "/sites", "?view=zones"), as: "nganhang" },
  { name: "dossier", path: oneOf("sites", "/sites", "?view=dossier"), as: "nganhang" },
  { name: "sitelaw", path: oneOf("sites", "/sites", "?view=law"), as: "nganhang" },
  { name: "sitelist", path: "/site-list", as: desk },
  { name: "law", path: "/law", as: desk },
  { name: "terms", path: "/law?view=terms", as: desk },
  { name: "places", path: "/places", as: desk, act: (page) => page.locator('.toolbar input').first().fill("Mẫu") },
  { name: "drawing", path: oneOf("sites", "/sites", "?view=drawings"), as: "nganhang" },
  { name: "plan", path: oneOf("drawings", "/plan"), as: "nganhang" },
  { name: "map", path: "/map", as: desk, act: (page) => page.locator(".map-site").first().waitFor() },
  { name: "country", path: "/map?view=country", as: desk, act: (page) => page.locator(".map-sea").first().waitFor() },
  { name: "coord", path: "/coord", as: "nganhang" },
  { name: "regulation", path: regulation("15/"), as: "nganhang" },
  { name: "regulationasked", path: regulation("27/"), as: "nganhang" },
  { name: "withdraw", path: regulation("15/"), as: "nganhang", act: (page) => page.getByRole("button", { name: /Rút|Withdraw/ }).click() },
  { name: "newregulation", path: "/coord/new", as: "nganhang", act: fillRegulation },
  { name: "theysee", path: theySee, as: "nganhang", act: (page) => page.locator(".coord-table").waitFor() },
  { name: "capability", path: "/coord", as: "chihuy", act: (page) => page.locator("#coord-capabilities .button").click() },
  { name: "people", path: "/people", as: "thammuu" },
  { name: "personlook", path: "/people", as: "thammuu", act: (page) => page.locator(".vtable tbody button", { hasText: /Xem|Open/ }).first().click() },
  { name: "personrecord", path: "/people", as: "thammuu", act: openRecord },
  { name: "lookups", path: "/people?view=lookups", as: "thanhtra" },
  { name: "units", path: "/people?view=units", as: "thammuu" },
  { name: "posture", path: posture, as: "chihuy", act: (page) => page.locator(".posture-rows li").first().waitFor() },
  { name: "posturedeclare", path: posture, as: "chihuy", act: declarePosture },
  { name: "musters", path: "/musters", as: "chihuy" },
  { name: "musterdeclare", path: "/musters", as: "chihuy", act: (page) => page.locator(".page-head .button.primary").click() },
  { name: "muster", path: musterOf("real"), as: "chihuy", act: (page) => page.locator(".muster-table").first().waitFor() },
  { name: "musterdrill", path: musterOf("drill"), as: "chihuy" },
  { name: "marshal", path: musterOf("real", "/list"), as: "canhgac", act: (page) => page.locator(".marshal-row").first().waitFor() },
  { name: "gatefigures", path: gateFigures, as: "chihuy", act: (page) => page.locator(".tight table.rows").first().waitFor() },
  { name: "gatetest", path: gateFigures, as: "chihuy", act: (page) => page.locator("#tight-tests .button").click() },
  { name: "vehicles", path: "/vehicles", as: "chihuy", act: lookUpPlate },
  { name: "expected", path: "/vehicles?view=expected", as: "chihuy" },
  { name: "vehiclecheck", path: "/vehicles?view=checks", as: "chihuy", act: (page) => page.locator(".page-head .button.primary").click() },
  { name: "goods", path: "/vehicles?view=goods", as: "chihuy" },
  { name: "privacy", path: "/privacy", as: "nganhang" },
  { name: "privacybreach", path: "/privacy", as: "nganhang", act: (page) => page.locator(".page-head .button").first().click() },
  { name: "processing", path: "/privacy?view=processing", as: "nganhang" },
  { name: "retention", path: "/privacy?view=retention", as: "nganhang", act: (page) => page.locator(".privacy-table tbody tr").first().waitFor() },
  { name: "visitornotice", path: oneOf("visitor-notices", "/privacy/notice"), as: "nganhang" },
  { name: "documents", path: "/documents", as: "nganhang" },
  { name: "document", path: oneOf("documents"), as: "nganhang" },
  { name: "newdocument", path: "/documents", as: "nganhang", act: (page) => page.locator(".page-head .button.primary").click() },
  { name: "peers", path: "/documents?view=peers", as: "nganhang", act: (page) => page.locator(".digits").first().waitFor() },
  { name: "visits", path: "/visits", as: "nganhang" },
  { name: "visit", path: oneVisit, as: "nganhang", act: (page) => page.locator(".privacy-rows li").first().waitFor() },
  { name: "newvisit", path: "/visits", as: "nganhang", act: (page) => page.locator(".page-head .button.primary").click() },
  { name: "walkin", path: "/visits", as: "canhgac", act: (page) => page.locator(".page-head .button").first().click() },
  { name: "invitation", path: oneVisit, as: "nganhang", act: async (page) => {
    await page.getByRole("button", { name: /^(Cấp giấy mời|Make an invitation)$/ }).first().click();
    await page.locator("dialog[open] .button.primary").click();
    await page.locator("dialog[open] svg.qr path").waitFor();
  } },
  { name: "visitsetup", path: async (page) => `/visits?view=setup&site=${await bankSite(page)}`, as: "nganhang", act: (page) => page.locator("#visit-rules").waitFor() },
  { name: "bans", path: "/bans", as: "nganhang" },
  { name: "ban", path: oneOf("bans"), as: "chihuy" },
  { name: "newban", path: "/bans", as: "nganhang", act: (page) => page.locator(".page-head .button.primary").click() },
  { name: "imports", path: "/imports", as: "thammuu" },
  { name: "journal", path: "/journal", as: "thanhtra" },
  { name: "record", path: oneOf("events", "/journal"), as: "thanhtra" },
  { name: "record-partner", path: oneOf("events", "/journal"), as: "nganhang" },
  { name: "rules", path: "/rules", as: desk },
  { name: "rule", path: "/rules/vault_attack", as: desk },
  { name: "ruletried", path: triedRule, as: "thammuu", act: (page) => page.locator(".counts").waitFor() },
  { name: "ruleshadow", path: "/rules/hai_cua_mot_luc", as: "thammuu" },
  { name: "ruleedit", path: "/rules/fence_then_door?edit=1", as: "thammuu", act: (page) => page.locator(".rule-check.good").waitFor() },
  { name: "rulewrong", path: "/rules/new", as: "thammuu", act: writeWrong },
  { name: "alarms", path: "/alarm-quality", as: desk, act: (page) => page.locator(".alarm-worst li").first().waitFor() },
  { name: "alarmrules", path: "/alarm-quality?by=rules&days=30", as: "chihuy", act: (page) => page.locator(".alarm-state").waitFor() },
  { name: "budget", path: "/alarm-quality", as: desk, act: (page) => page.locator(".alarm-budget h2 .button").click() },
  { name: "notices", path: "/notices", as: "chihuy" },
  { name: "lines", path: "/notices?view=lines", as: keeper },
  { name: "mine", path: "/notices?view=mine", as: desk },
  { name: "newrule", path: "/notices", as: "chihuy", act: (page) => page.click(".page-head .primary") },
  { name: "links", path: "/links", as: "nganhang" },
  { name: "newlink", path: "/links", as: "nganhang", act: (page) => page.locator(".page-head .button.primary, header .button.primary").first().click() },
  { name: "admin", path: "/admin", as: keeper },
  { name: "tokens", path: "/admin?view=tokens", as: keeper },
  { name: "devices", path: "/admin?view=devices", as: keeper },
  { name: "devicecode", path: "/admin?view=devices", as: keeper, act: async (page) => {
    await page.getByRole("button", { name: /^(Mã gắn mới|New code)$/ }).first().click();
    await page.locator("dialog[open] form button[type=submit]").click();
    await page.locator("dialog[open] svg.qr path").waitFor();
  } },
  { name: "device", path: "/thiet-bi", as: null },
  { name: "changes", path: "/admin?view=changes", as: keeper },
  { name: "account", path: accountOf("thayca"), as: keeper },
  { name: "me", path: "/me", as: desk },
  { name: "delegate", path: "/me", as: "chihuy", act: async (page) => {
    await page.getByRole("button", { name: /^(Ủy quyền|Delegate)$/ }).first().click();
    await page.locator("dialog[open] select").waitFor();
  } },
  { name: "factor", path: "/me", as: desk, act: async (page) => {
    await page.locator(".account section .button.primary").first().click();
    await page.locator("dialog[open] input").waitFor();
  } },
  { name: "start", path: "/start", as: keeper },
  { name: "health", path: "/health", as: keeper },
  { name: "manual", path: "/manual?ch=sao-luu-va-khoi-phuc", as: desk, act: (page) => page.locator(".manual-text h1").waitFor() },
  { name: "manualsearch", path: "/manual", as: desk, act: (page) => page.locator(".manual-side input").fill("khoi phuc") },
  { name: "notfound", path: "/no-such-page", as: desk },
];
export const ROLES = [...new Set(PAGES.map((p) => p.as).filter(Boolean))];
export const BY_ROLE = [null, ...ROLES].flatMap((role) => PAGES.filter((p) => p.as === role));

export const SIZES = [[1440, 900], [1280, 720], [390, 844]];
export const THEMES = ["light", "dark"];
export const LANGS = ["vi", "en"];

export async function addressOf(entry, page) {
  return typeof entry.path === "function" ? entry.path(page) : entry.path;
}

// A self-check half done, with shortcomings.
async function furnishCheck(page) {
  const templates = (await ask(page, "GET", "/checklist-templates?code=site_self_check")).items;
  const site = (await ask(page, "GET", "/sources?limit=1")).items[0].site;
  const { id } = await ask(page, "POST", "/checklists", { template: templates[0].id, site });
  for (const [item, value, note] of [["fence", "yes"], ["lights", "no", "Hai đèn góc Đông Bắc hỏng"], ["silent", "0"], ["plan_known", "older"]]) {
    await ask(page, "POST", `/checklists/${id}/answers`, { item, value, ...(note && { note }) });
  }
}

// Something to look at on every page: a case with a line and a task, an admission code.
export async function furnish(page, as, node) {
  if (as === desk) {
    const { items } = await ask(page, "GET", "/alerts?state=open&limit=1");
    const { incident, id } = await ask(page, "POST", `/alerts/${items[0].id}/open-incident`, {});
    const to = incident ?? id;
    await ask(page, "POST", `/incidents/${to}/log`, { text: "Đã gọi chỉ huy mục tiêu, cử tổ tuần tra đến hành lang." });
    await ask(page, "POST", `/incidents/${to}/tasks`, { title: "Kiểm tra cửa hành lang kho tiền", assignee: "Tổ tuần tra số 2", due_at: new Date(Date.now() + 3 * 3600e3).toISOString() });
    await furnishCheck(page);
    const bank = (await ask(page, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN");
    await ask(page, "POST", "/incidents", { site: bank.id, situation: "vault_robbery", title: "Báo động cướp tại quầy quỹ", level: "high" });
  } else if (as === "nganhang") {
    await furnishRegulation(page);
    await furnishVisits(page);
  } else if (as === keeper) {
    await furnishLinks(page);
    await ask(page, "POST", "/tokens", { name: "Máy ảnh cổng chính", role: "guard", days: 30 });
    await furnishDevices(page);
    await furnishAccount(page);
  } else if (as === "chihuy") {
    await furnishRules(page);
    await furnishGateWork(page);
    await furnishSecond(page);
    await furnishGate(page);
  } else if (as === "thammuu") {
    await furnishTexts(page);
    await furnishLookups(page);
  }
}

// People and vehicles through the gate; one evacuation under way and an exercise; a test that the gate failed.
async function furnishGateWork(page) {
  const site = (await ask(page, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const post = async (path, body) => (await ask(page, "POST", path, body)).id;
  const yard = await post("/gate-areas", { site, name: "Khuôn viên" });
  const store = await post("/gate-areas", { site, name: "Kho tiền", parent: yard });
  const gate = await post("/gate-points", { site, name: "Cổng chính", inner: yard, lane: "both" });
  const door = await post("/gate-points", { site, name: "Cửa kho", outer: yard, inner: store });
  const pass = (point, holder, more) => post(`/gate-points/${point}/pass`, { holder, way: "in", why: "Quen mặt, thẻ để ở nhà", ...more });
  const names = ["Nguyễn Văn An", "Trần Thị Bình", "Lê Hoàng Cường", "Phạm Thu Dung", "Hoàng Văn Em", "Vũ Thị Giang", "Đỗ Minh Hải"];
  for (const [i, name] of names.entries()) {
    const holder = await post("/gate-holders", { site, kind: i > 4 ? "visitor" : "staff", name, company: i > 4 ? "Công ty Điện lực" : undefined });
    await post("/badges", { holder, code: `T-0${i}`, kind: "card" });
    await pass(gate, holder);
    if (i === 2) {
      await pass(door, holder);
    }
  }
  await post("/vehicle-limits", { site, class: "van", max_min: 60 });
  const van = await post("/gate-holders", { site, kind: "vehicle", class: "van", name: "29A-433.74" });
  await ask(page, "POST", `/gate-points/${gate}/record`, { holder: van, way: "in", moved: new Date(Date.now() - 2 * 3600e3).toISOString() });
  const hour = (n) => new Date(Date.now() + n * 3600e3).toISOString();
  await post("/expected-vehicles", { site, plate: "30F-888.88", starts: hour(1), ends: hour(3), goods: "Giấy in, 20 thùng", host: "Phòng Hành chính", driver: "Lê Văn Lái" });
  await post("/vehicle-checks", { point: gate, holder: van, suspicion: "Gầm hạ thấp bất thường", under: true, result: "clear" });
  await post("/goods-movements", { point: gate, way: "out", what: "Máy tính xách tay", quantity: "2", why: "Trưởng phòng Tin học xác nhận qua điện thoại" });
  await post("/goods-movements", { point: gate, way: "out", what: "Bàn ghế thanh lý", quantity: "12", paper: "PX 31/2026", owner: "Công ty Thanh lý Minh Phát" });
  const plan = (kind, what, point) => post("/gate-tests", { site, point, kind, what, tester: "Tổ kiểm tra số 2", starts: hour(24), ends: hour(30) });
  const failed = await plan("expired_pass", "Thẻ khách hết hạn hôm qua", gate);
  await ask(page, "POST", `/gate-tests/${failed}/close`, { result: "not_caught", note: "Người gác không nhìn ngày trên thẻ" });
  for (let i = 0; i < 3; i++) {
    await ask(page, "POST", `/gate-tests/${await plan("no_badge", "Vào không có thẻ", gate)}/close`, { result: "caught" });
  }
  await plan("hidden_object", "Vật giả trong hành lý", undefined);
  const real = await post("/musters", { site, kind: "real", reason: "Khói ở tầng 2" });
  const point = (await ask(page, "GET", "/fixtures?limit=50")).items.find((f) => f.kind === "assembly" && f.site === site).id;
  const mark = (body) => ask(page, "POST", `/musters/${real}/marks`, { point, ...body });
  await mark({ badge: "T-00", state: "safe" });
  await mark({ badge: "T-01", state: "safe" });
  await mark({ badge: "T-03", state: "unsafe", why: "Kẹt ở cầu thang" });
  await mark({ key: "k1", name: "Thợ điện", note: "áo xanh", state: "safe" });
  await post("/musters", { site, area: store, kind: "drill", reason: "Thực tập phương án kho tiền" });
}

const RULES_VI = "Đeo thẻ khách trước ngực.\nĐi cùng người tiếp, không rẽ sang nơi khác.\nKhông chụp ảnh, ghi âm.\nTrả thẻ khi ra về.";
const RULES_EN = "Wear the visitor's pass on the chest.\nStay with your host, go nowhere else.\nNo pictures, no recording.\nGive the pass back when you leave.";

// Somebody is in, one was turned away, one badge is lost, two visitors are expected who were not told the rules.
async function furnishGate(page) {
  const to = (...a) => ask(page, ...a);
  const { main, people, site } = await makeGate(to);
  await to("POST", `/badges/${people.be.badge}/end`, { state: "lost" });
  const hour = (h) => new Date(Date.now() + h * 3600e3).toISOString();
  await to("POST", "/expected-vehicles", { site, plate: "30F-888.88", starts: hour(-0.2), ends: hour(2), goods: "Giấy in, 20 thùng", host: "Phòng Hành chính", driver: "Lê Văn Lái" });
  await to("POST", "/visit-rules", { site, text_vi: RULES_VI, text_en: RULES_EN });
  const { id } = await to("POST", "/visits", { site, purpose: "Kiểm kê quý", office: "Phòng Kho quỹ", starts: hour(-0.2), ends: hour(2) });
  for (const name of ["Lã Thị Sen", "Kiều Văn Mận"]) {
    await to("POST", `/visits/${id}/guests`, { name, company: "Công ty Kiểm toán Sao Việt" });
  }
  await to("POST", `/gate-points/${main}/pass`, { way: "in", badge: "T-0001" });
  await to("POST", `/gate-points/${main}/pass`, { way: "in", badge: "T-0001", why: "Ra cổng phụ" });
  await to("POST", `/gate-points/${main}/refuse`, { way: "in", badge: "T-0002" });
}

const scanAt = async (page, code) => {
  await page.keyboard.type(code);
  await page.keyboard.press("Enter");
  await page.locator(".gate-band").waitFor();
  await page.waitForTimeout(300);
};
async function standAtGate(page) {
  await page.locator(".gate-head, .gate-choices").first().waitFor();
  if (!await page.locator(".gate-head").count()) {
    await page.locator(".gate-key", { hasText: /Cổng chính/ }).first().click();
  }
  await page.locator(".gate-entry input").focus();
}

// One device that waits for its code, one that is bound, one taken back.
async function furnishDevices(page) {
  const site = (await ask(page, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const made = [];
  for (const [kind, name] of [["gate", "Cổng chính, làn xe vào"], ["phone", "Điện thoại trực ca"], ["gate", "Cổng sau"]]) {
    made.push(await ask(page, "POST", "/device-accounts", { kind, name, site, days: 365 }));
  }
  await ask(page, "POST", `/device-accounts/${made[2].id}/revoke`);
  await page.evaluate(async (code) => {
    const pair = await crypto.subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
    const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
    const key = btoa(String.fromCharCode(...raw)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
    await fetch("/api/v1/devices/enrol", { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ code, key, name: "Máy tính bảng 07" }) });
  }, made[0].code);
}

// Somebody who stands in for the duty officer for a week.
async function furnishAccount(page) {
  const agency = (await ask(page, "GET", "/agencies?limit=50")).items.find((a) => a.code === "CAT").id;
  const { id } = await ask(page, "POST", "/users", { login: "thayca", name: "Trần Văn Thay Ca", agency, password: "mot cau du dai de vao", role: "guard" });
  await ask(page, "POST", `/users/${id}/roles`, { role: "duty_officer", until: new Date(Date.now() + 7 * 86400e3).toISOString(), reason: "Trực thay trong tuần" });
}

// The keeper's lines lead nowhere, so that one of them is down; the commander says who hears of alerts on them.
async function furnishLinks(page) {
  const link = async (body) => (await ask(page, "POST", "/links", body)).id;
  const mail = await link({ kind: "smtp", name: "Thư nội bộ", address: "127.0.0.1:2525", options: { from: "vonggac@thu.example" } });
  await link({ kind: "sms", name: "Tin nhắn", address: "tin-nhan", options: {} });
  await ask(page, "POST", `/links/${mail}/try`);
}

// Two rules being written: another version of one that has alerted, tried; a new one in the shadow.
async function furnishTexts(page) {
  const { rule } = (await ask(page, "GET", "/alerts?limit=1")).items[0];
  const { text } = await ask(page, "GET", `/rules/${rule}/source`);
  const { id } = await ask(page, "POST", "/rule-texts", { text: text.replace(/dedupe: \w+, /, ""), note: "Bớt báo lặp trong giờ làm việc", budget: 3 });
  await ask(page, "POST", `/rule-texts/${id}/try`, {});
  const shadow = await ask(page, "POST", "/rule-texts", { text: `name: hai_cua_mot_luc
title: Hai cửa cùng bị mở cưỡng bức
level: high
correlation:
  type: value_count
  rules: [door_forced]
  group-by: site
  timespan: 5m
  condition: { field: device, gte: 2 }
x-vonggac:
  refire: after-window
` });
  await ask(page, "POST", `/rule-texts/${shadow.id}/shadow`, {});
  for (let i = 0; i < 100 && (await ask(page, "GET", `/rule-texts/${id}`)).trial_state === "asked"; i++) {
    await page.waitForTimeout(100);
  }
}

// A few records opened, so that the register has something in it.
async function furnishLookups(page) {
  const people = (await ask(page, "GET", "/persons?limit=3")).items;
  for (const [i, why] of [{ purpose: "duty", note: "Phiếu giao việc số 31" }, { purpose: "inspection", note: "Kiểm tra quân số tháng 11" }, { purpose: "edit" }].entries()) {
    await ask(page, "POST", `/persons/${people[i].id}/look`, why);
  }
}

// A gate, visits of today and of tomorrow, what the site sets for them, two entries of the ban list.
async function furnishVisits(page) {
  const site = await bankSite(page);
  const at = (hours) => new Date(Date.now() + hours * 3600e3).toISOString();
  const make = async (path, body) => (await ask(page, "POST", path, body)).id;
  const yard = await make("/gate-areas", { site, name: "Khuôn viên" });
  const house = await make("/gate-areas", { site, name: "Nhà làm việc", parent: yard });
  await make("/gate-points", { site, name: "Cổng chính", inner: yard });
  await make("/gate-points", { site, name: "Cửa nhà làm việc", outer: yard, inner: house });
  await make("/visit-rules", { site, text_vi: "Không chụp ảnh. Đeo thẻ khách. Đi theo người tiếp.", text_en: "No photographs. Wear the pass. Stay with your host." });
  const today = await make("/visits", { site, purpose: "Kiểm kê thiết bị kho tiền", office: "Phòng Kho quỹ", starts: at(-1), ends: at(5), areas: [house], escort: true });
  for (const [name, company, doc_number] of [["Đinh Công Mẫu", "Công ty Thiết bị An Toàn", "001090000011"], ["Trần Thị Thử", "Công ty Thiết bị An Toàn", "001190000012"]]) {
    await make(`/visits/${today}/guests`, { name, company, doc_kind: "id_card", doc_number });
  }
  await make("/visit-approvals", { site, need: "supervisor" });
  await make("/visits", { site, kind: "contractor", purpose: "Bảo dưỡng thang máy", office: "Phòng Hành chính", starts: at(20), ends: at(28) });
  const incident = await make("/incidents", { site, situation: "other", title: "Gây rối tại quầy giao dịch" });
  const ban = (name, born, reason) => make("/bans", { site, reason, incident, name, born, expires: at(24 * 300) });
  await ban("Khuất Duy Mẫu", 1986, "disorder");
  await ban("Giáp Văn Thử", 1979, "forged_paper");
}

// A second regulation, proposed by one officer of the bank.
async function furnishRegulation(page) {
  const agencies = (await ask(page, "GET", "/agencies?limit=50")).items;
  const [bank, police] = ["NHNN", "CAT"].map((code) => agencies.find((a) => a.code === code).id);
  const site = (await ask(page, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const day = (n) => new Date(Date.now() + n * 86400e3).toISOString();
  const { id } = await ask(page, "POST", "/regulations", { number: "27/QCPH", title: "Phối hợp bảo vệ trụ sở dịp tổng kết năm",
    parties: [bank, police], valid_from: day(0), valid_until: day(400), review_due: day(365), clauses: [
      { from: bank, to: police, compartment: "means", site, condition: "period", starts: day(20), ends: day(24) },
      { from: police, to: bank, compartment: "force", site, condition: "always" }] });
  await ask(page, "POST", `/regulations/${id}/offer`, {});
  await ask(page, "POST", `/regulations/${id}/agree`, {});
}

// The commander asks to switch off a source for long: the duty officer could approve it.
async function furnishSecond(page) {
  const { items } = await ask(page, "GET", "/sources?limit=200");
  const source = items.find((s) => s.name === "Đầu đọc điểm tuần tra");
  await ask(page, "POST", `/sources/${source.id}/disable`, { reason: "Thay đầu đọc, chờ vật tư về" });
}

async function furnishRules(page) {
  const site = (await ask(page, "GET", "/sites?limit=50")).items.find((s) => s.code === "NHNN").id;
  const links = (await ask(page, "GET", "/links?limit=50")).items;
  const [mail, sms] = ["smtp", "sms"].map((kind) => links.find((l) => l.kind === kind).id);
  const rule = (body) => ask(page, "POST", "/notice-rules", { min_rank: 2, site, ...body });
  await rule({ name: "Tổ trưởng biết ngay", link: sms, role: "shift_leader" });
  await rule({ name: "Chỉ huy, nếu chưa ai nhận", link: sms, role: "site_commander", after_s: 120, repeat_s: 300, repeat_max: 3 });
  await rule({ name: "Lãnh đạo cơ quan", link: mail, role: "agency_officer", after_s: 600, quiet_from: 1320, quiet_to: 360 });
  await rule({ name: "Cán bộ tham mưu", link: mail, role: "staff_officer", min_rank: 3 });
}
