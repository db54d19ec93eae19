// SPDX-License-Identifier: Apache-2.0
// Every page of the console, one line each, in the order of an officer's work: its address, its name, where
// it stands in the navigation and who is offered it. The top bar, the phone's bottom bar and the palette all
// read this table; a new page is one more line. What the server refuses it refuses anyway: `offered` only
// keeps out of sight what one has no business with.
import type { ComponentChild } from "preact";
import { MePage } from "./pages/accounts/me.tsx";
import { ChecklistsPage } from "./pages/checks/list.tsx";
import { ChecklistPage } from "./pages/checks/run.tsx";
import { DeskPage } from "./pages/desk/desk.tsx";
import { DuePage } from "./pages/due.tsx";
import { GatePage, OfflineGate } from "./pages/gate/terminal.tsx";
import { IncidentPage } from "./pages/incident.tsx";
import { IncidentsPage } from "./pages/incidents.tsx";
import { EventPage, JournalPage } from "./pages/journal.tsx";
import { MapPage } from "./pages/map.tsx";
import { MusterPage } from "./pages/muster/board.tsx";
import { MustersPage } from "./pages/muster/list.tsx";
import { MarshalPage, OfflineMarshal } from "./pages/muster/marshal.tsx";
import { SecondPage } from "./pages/second.tsx";
import { SitePage } from "./pages/site.tsx";
import { SitesPage } from "./pages/sites.tsx";
import { StartPage } from "./pages/start.tsx";
import { VisitsPage } from "./pages/visits/page.tsx";
import { VisitPage } from "./pages/visits/visit.tsx";
import { unconfirmedCount } from "./store/changes.ts";
import { lateCount } from "./store/late.ts";
import { maySecond, secondCount } from "./store/second.ts";
import { may } from "./store/session.ts";
import { waitingCount } from "./store/watch.ts";
import { later } from "./ui/later.tsx";

// Not in the first load: pages-late.ts.
const AdminPage = later((late) => late.AdminPage);
const AlarmsPage = later((late) => late.AlarmsPage);
const BanPage = later((late) => late.BanPage);
const BansPage = later((late) => late.BansPage);
const CoordPage = later((late) => late.CoordPage);
const DocumentPage = later((late) => late.DocumentPage);
const DocumentsPage = later((late) => late.DocumentsPage);
const DraftPage = later((late) => late.DraftPage);
const GateFiguresPage = later((late) => late.GateFiguresPage);
const HealthPage = later((late) => late.HealthPage);
const ImportPage = later((late) => late.ImportPage);
const ImportsPage = later((late) => late.ImportsPage);
const LawPage = later((late) => late.LawPage);
const LinksPage = later((late) => late.LinksPage);
const ManualPage = later((late) => late.ManualPage);
const NoticePage = later((late) => late.NoticePage);
const NoticesPage = later((late) => late.NoticesPage);
const PeoplePage = later((late) => late.PeoplePage);
const PlacesPage = later((late) => late.PlacesPage);
const PlanPage = later((late) => late.PlanPage);
const PosturePage = later((late) => late.PosturePage);
const PrivacyPage = later((late) => late.PrivacyPage);
const RegisterPage = later((late) => late.RegisterPage);
const RegulationPage = later((late) => late.RegulationPage);
const RuleEditor = later((late) => late.RuleEditor);
const RulePage = later((late) => late.RulePage);
const RulesPage = later((late) => late.RulesPage);
const SiteListPage = later((late) => late.SiteListPage);
const SourcesPage = later((late) => late.SourcesPage);
const TemplatePage = later((late) => late.TemplatePage);
const UserPage = later((late) => late.UserPage);
const VehiclesPage = later((late) => late.VehiclesPage);
const ViewPage = later((late) => late.ViewPage);

// What waits for somebody: a number beside the name, and what it counts.
export interface Badge {
  n: () => number;
  says: string;
  loud?: boolean;
}
export interface Page {
  path: string; // ":id" stands for one part of the address
  title: string;
  view: (id: string) => ComponentChild;
  alone?: (id: string) => ComponentChild; // opened while the node cannot be reached (terminal/sw.ts)
  group?: string; // where it stands in the navigation; none: it is reached from another page,
  under?: string; // which stays marked as the current one
  nav?: string; // its name there, where the title would say the group's once more
  icon?: string;
  offered?: () => boolean;
  badge?: Badge;
  phone?: boolean; // at the thumb; the rest is behind "more"
}

// The groups of the top bar. A flat one shows its pages side by side, the others open a list.
export const GROUPS: { name: string; flat?: boolean }[] = [
  { name: "ui.nav.group.duty", flat: true },
  { name: "ui.nav.group.sites" },
  { name: "ui.nav.group.work" },
  { name: "ui.nav.group.force" },
  { name: "ui.nav.group.system" },
];
const [DUTY, SITES, WORK, FORCE, SYSTEM] = GROUPS.map((g) => g.name);

const waiting: Badge = { n: () => waitingCount.value, says: "ui.nav.waiting", loud: true };
const second: Badge = { n: () => secondCount.value, says: "ui.nav.second" };
const late: Badge = { n: () => lateCount.value, says: "ui.nav.late" };
const unconfirmed: Badge = { n: () => unconfirmedCount.value, says: "ui.nav.unconfirmed" };
const can = (permission: string) => () => may(permission);
// Who administers, and who oversees without commanding: at the desk a list of users is in the way.
const administers = () =>
  may("accounts.edit") || (may("accounts.read") && may("journal.read") && !may("alerts.acknowledge"));

export const PAGES: Page[] = [
  { group: DUTY, path: "/", title: "ui.nav.desk", icon: "desk", badge: waiting, phone: true, view: () => <DeskPage /> },
  { group: DUTY, path: "/incidents", title: "ui.nav.incidents", icon: "incident", offered: can("desk.read"), phone: true, view: () => <IncidentsPage /> },
  { path: "/incidents/:id", under: "/incidents", title: "ui.nav.incidents", view: (id) => <IncidentPage id={id} key={id} /> },
  { group: DUTY, path: "/gate", title: "ui.pass.title", icon: "gate", offered: can("gate.pass"), phone: true, view: () => <GatePage />, alone: () => <OfflineGate /> },
  { group: DUTY, path: "/map", title: "ui.map.title", nav: "ui.nav.map", icon: "map", offered: can("sites.read"), view: () => <MapPage /> },

  { group: SITES, path: "/sites", title: "ui.nav.sites", nav: "ui.nav.dossiers", icon: "store", offered: can("sites.read"), phone: true, view: () => <SitesPage /> },
  { path: "/sites/:id", under: "/sites", title: "ui.nav.sites", view: (id) => <SitePage id={id} key={id} /> },
  { path: "/plan/:id", under: "/sites", title: "ui.draw.title", view: (id) => <PlanPage id={id} key={id} /> },
  { group: SITES, path: "/gate-register", title: "ui.pass.register", icon: "gate", offered: can("gate.read"), view: () => <RegisterPage /> },
  { group: SITES, path: "/site-list", title: "ui.nav.sitelist", icon: "columns", offered: can("sites.read"), view: () => <SiteListPage /> },
  { group: SITES, path: "/places", title: "ui.nav.places", icon: "flag", offered: can("sites.read"), view: () => <PlacesPage /> },
  { group: SITES, path: "/law", title: "ui.nav.law", icon: "journal", offered: can("sites.read"), view: () => <LawPage /> },
  { group: SITES, path: "/posture", title: "ui.posture.title", icon: "flag", offered: can("see.shared"), view: () => <PosturePage /> },
  { group: SITES, path: "/coord", title: "ui.nav.coord", icon: "assembly", offered: () => may("coord.read") || may("coord.capability"), view: () => <CoordPage /> },
  { path: "/coord/new", under: "/coord", title: "ui.coord.draft", view: () => <DraftPage /> },
  { path: "/coord/view", under: "/coord", title: "ui.coord.view", view: () => <ViewPage /> },
  { path: "/coord/:id", under: "/coord", title: "ui.nav.coord", view: (id) => <RegulationPage id={id} key={id} /> },

  { group: WORK, path: "/due", title: "ui.nav.due", nav: "ui.due.title", icon: "due", offered: can("sites.read"), badge: late, phone: true, view: () => <DuePage /> },
  { group: WORK, path: "/second", title: "ui.second.title", icon: "people", offered: maySecond, badge: second, view: () => <SecondPage /> },
  { group: WORK, path: "/musters", title: "ui.muster.title", icon: "assembly", offered: can("muster.read"), view: () => <MustersPage /> },
  { group: WORK, path: "/vehicles", title: "ui.vehicle.title", icon: "gate", offered: can("gate.read"), view: () => <VehiclesPage /> },
  { group: WORK, path: "/gate-figures", title: "ui.tight.title", icon: "ruler", offered: can("gate.read"), view: () => <GateFiguresPage /> },
  { path: "/musters/:id", under: "/musters", title: "ui.muster.title", view: (id) => <MusterPage id={id} key={id} /> },
  { path: "/musters/:id/list", under: "/musters", title: "ui.muster.marshal", view: (id) => <MarshalPage id={id} key={id} />, alone: (id) => <OfflineMarshal id={id} key={id} /> },
  { group: WORK, path: "/documents", title: "ui.nav.documents", icon: "text", offered: can("documents.read"), view: () => <DocumentsPage /> },
  { path: "/documents/:id", under: "/documents", title: "ui.nav.documents", view: (id) => <DocumentPage id={id} key={id} /> },
  { group: WORK, path: "/checklists", title: "ui.nav.checklists", icon: "check", offered: can("checklists.read"), view: () => <ChecklistsPage /> },
  { path: "/checklists/:id", under: "/checklists", title: "ui.nav.checklists", view: (id) => <ChecklistPage id={id} key={id} /> },
  { path: "/checklist-templates/:id", under: "/checklists", title: "ui.nav.checklists", view: (id) => <TemplatePage id={id} key={id} /> },

  { group: WORK, path: "/visits", title: "ui.visits.title", nav: "ui.nav.visits", icon: "people", offered: can("visits.read"), view: () => <VisitsPage /> },
  { path: "/visits/:id", under: "/visits", title: "ui.nav.visits", view: (id) => <VisitPage id={id} key={id} /> },
  { group: WORK, path: "/bans", title: "ui.nav.bans", icon: "lock", offered: can("bans.read"), view: () => <BansPage /> },
  { path: "/bans/:id", under: "/bans", title: "ui.nav.bans", view: (id) => <BanPage id={id} key={id} /> },

  { group: FORCE, path: "/people", title: "ui.nav.people", nav: "ui.nav.people_units", icon: "people", offered: can("people.read"), view: () => <PeoplePage /> },
  { group: FORCE, path: "/privacy", title: "ui.nav.privacy", icon: "lock", offered: can("privacy.read"), view: () => <PrivacyPage /> },
  { path: "/privacy/notice/:id", under: "/privacy", title: "ui.privacy.view_notices", view: (id) => <NoticePage id={id} key={id} /> },
  { group: FORCE, path: "/imports", title: "ui.nav.imports", icon: "out", offered: can("imports.use"), view: () => <ImportsPage /> },
  { path: "/imports/:id", under: "/imports", title: "ui.nav.imports", view: (id) => <ImportPage id={id} key={id} /> },

  { group: SYSTEM, path: "/sources", title: "ui.nav.sources", icon: "source", offered: can("sites.read"), view: () => <SourcesPage /> },
  { group: SYSTEM, path: "/rules", title: "ui.nav.rules", nav: "ui.nav.alarm_rules", icon: "check", offered: can("alerts.read"), view: () => <RulesPage /> },
  { path: "/rules/new", under: "/rules", title: "ui.rule.write", view: () => <RuleEditor name="" /> },
  { path: "/rules/:id", under: "/rules", title: "ui.nav.rules", view: (id) => <RulePage name={id} key={id} /> },
  { group: SYSTEM, path: "/alarm-quality", title: "ui.alarms.title", icon: "ruler", offered: can("alerts.read"), view: () => <AlarmsPage /> },
  { group: SYSTEM, path: "/notices", title: "ui.nav.notices", icon: "sound", offered: can("notices.read"), view: () => <NoticesPage /> },
  { group: SYSTEM, path: "/links", title: "ui.nav.links", icon: "link", offered: can("links.read"), view: () => <LinksPage /> },
  { group: SYSTEM, path: "/journal", title: "ui.nav.journal", icon: "journal", offered: can("journal.read"), view: () => <JournalPage /> },
  { path: "/journal/:id", under: "/journal", title: "ui.nav.journal", view: (id) => <EventPage name={id} key={id} /> },
  { group: SYSTEM, path: "/admin", title: "ui.nav.admin", icon: "lock", offered: administers, badge: unconfirmed, view: () => <AdminPage /> },
  { path: "/admin/users/:id", under: "/admin", title: "ui.nav.admin", view: (id) => <UserPage id={id} key={id} /> },
  { path: "/me", title: "ui.me.title", view: () => <MePage /> },
  { group: SYSTEM, path: "/start", title: "ui.start.title", icon: "flag", offered: can("accounts.edit"), view: () => <StartPage /> },
  { group: SYSTEM, path: "/health", title: "ui.health.title", icon: "checkpoint", offered: can("node.metrics"), view: () => <HealthPage /> },
  { group: SYSTEM, path: "/manual", title: "ui.manual.title", icon: "text", view: () => <ManualPage /> },
];

const shapes = PAGES.map((p) => new RegExp(`^${p.path.replace(":id", "([^/]+)")}$`));

// The page of an address, and the id in it.
export function pageAt(path: string): { page: Page; id: string } | null {
  const at = shapes.findIndex((s) => s.test(path));
  return at < 0 ? null : { page: PAGES[at]!, id: decodeURIComponent(shapes[at]!.exec(path)![1] ?? "") };
}

export const isOffered = (p: Page): boolean => !p.offered || p.offered();
// A thing of which one may know, but whose page one is not offered, leads nowhere.
export function mayOpen(address: string): boolean {
  const at = pageAt(address.replace(/\?.*/, ""));
  return !!at && isOffered(at.page);
}
export const navPages = (group?: string): Page[] =>
  PAGES.filter((p) => p.group && (!group || p.group === group) && isOffered(p));
export const navName = (p: Page): string => p.nav ?? p.title;
