// SPDX-License-Identifier: Apache-2.0
// Rules as people write them, and what their trials and shadows found.
import type { Level } from "./types.ts";

export type RuleState = "draft" | "shadow" | "active" | "superseded" | "retired";
export interface RuleLook {
  name: string;
  version: string;
  type: string;
  level: Level;
  title_vi: string;
  title_en: string;
  sentence_vi: string;
  sentence_en: string;
  cancel_vi: string;
  cancel_en: string;
  portable: boolean;
  stratum: number;
  sites: string[];
}
export interface RuleSource extends RuleLook {
  text: string;
  file: string;
}
export interface RuleText extends RuleLook {
  id: string;
  text: string;
  state: RuleState;
  agency: string;
  budget: number;
  note: string | null;
  author: string | null;
  author_name: string | null;
  authors: string;
  changed_at: string;
  shadow_at: string | null;
  trial_state: "" | "asked" | "done" | "failed";
  trial_from: string | null;
  trial_to: string | null;
  trial_over: boolean;
  trial_problem_vi: string | null;
  trial_problem_en: string | null;
  approver_name: string | null;
  approved_at: string | null;
  reason: string | null;
  ended_by_name: string | null;
  ended_at: string | null;
  ended_why: string | null;
}
export interface TrialExample {
  of: "draft" | "active" | "both";
  at: string;
  zone: string;
  source: string;
  kind: string;
  evidence: string[];
}
export interface TrialFound {
  site: string;
  site_name?: string | null; // not there: of a file, whose sites and zones are names
  only_draft: number;
  only_active: number;
  both: number;
  weeks: [number, number][];
  examples: TrialExample[];
}
export interface TrialSite extends TrialFound {
  id: string;
  text: string;
  current: boolean;
}
export interface FileTrial {
  name: string; // of the file, as the browser has it
  events: number;
  late: number;
  unknown: number;
  from: string;
  to: string;
  sites: TrialFound[];
}
export interface RuleProgress {
  id: string;
  done: number;
  total: number;
}
export interface ShadowDay {
  id: string;
  rule: string;
  version: string;
  site: string;
  site_name: string | null;
  day: string;
  n: number;
  examples: { at: number; key?: string; evidence: string[] }[];
}
export interface RuleResources {
  "rule-texts": RuleText;
  "rule-trial-sites": TrialSite;
  "rule-progress": RuleProgress;
  "rule-shadow": ShadowDay;
}
export interface RuleWord {
  name: string;
  title_vi?: string;
  title_en?: string;
  kinds?: string[];
  limited?: boolean;
}
export interface RuleWords {
  kinds: RuleWord[];
  events: RuleWord[];
  rules: RuleWord[];
}
