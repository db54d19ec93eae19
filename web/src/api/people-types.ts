// SPDX-License-Identifier: Apache-2.0
// People and imports, as the API sends them.
export interface Unit {
  id: string;
  code: string;
  name: string;
  force: string;
  force_vi: string | null;
  force_en: string | null;
  parent: string | null;
  parent_name: string | null;
  agency: string;
  agency_name: string | null;
  state: string;
}
export interface ForceType {
  id: string;
  name_vi: string;
  name_en: string;
}
export interface Person {
  id: string;
  code: string | null;
  name: string | null;
  rank: string | null;
  title: string | null;
  unit: string;
  unit_name: string | null;
  agency_name: string | null;
  state: "active" | "retired" | "forgotten";
}
// What a look-up gives: on no list.
export interface PersonRecord {
  id: string;
  name: string | null;
  code: string | null;
  rank: string | null;
  title: string | null;
  phone: string | null;
  since: string | null;
}
export interface PersonLookup {
  id: string;
  at: string;
  person: string;
  person_name: string | null;
  person_code: string | null;
  purpose: string;
  note: string | null;
  incident: string | null;
  incident_number: string | null;
  looked_by: string;
  looked_by_name: string | null;
  many: boolean;
}
export interface ImportJob {
  id: string;
  target: string;
  file: string;
  state: string;
  rows: number;
  added: number;
  changed: number;
  same: number;
  wrong: number;
  done: number;
  kept: number;
  problem_vi: string | null;
  problem_en: string | null;
  by_name: string;
  at: string;
  changed_at: string;
}
export interface ImportPreview {
  format: string;
  encoding: string;
  sheet_name: string;
  sheets: number;
  sheet: number;
  header: number;
  problems_n: number;
  head: { row: number; cells: string[] }[];
  file_columns: { index: number; letter: string; name: string; sample: string }[];
  fields: { name: string; title_vi: string; title_en: string; required: boolean; names: boolean }[];
  columns: Record<string, number>;
  fixed: Record<string, string>;
  problems: {
    row: number;
    cell: string;
    title_vi?: string;
    title_en?: string;
    value: string;
    text_vi: string;
    text_en: string;
  }[];
  samples: { row: number; act: "add" | "set"; values: { field: string; value: string; before?: string }[] }[];
}

export interface PeopleResources {
  units: Unit;
  persons: Person;
  "person-lookups": PersonLookup;
  "force-types": ForceType;
  imports: ImportJob;
}
