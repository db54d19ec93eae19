// SPDX-License-Identifier: Apache-2.0
// Nơi trao đổi: the nodes papers are exchanged with, and this node's own card. The digits are what is compared over the
// telephone before a second person approves.
import { useEffect, useState } from "preact/hooks";
import { get, post } from "../../api/client.ts";
import type { Correspondent, OwnCard } from "../../api/documents.ts";
import { t } from "../../lib/i18n.ts";
import { rows } from "../../store/store.ts";
import { FormDialog } from "../../ui/dialog.tsx";
import { FileField, TextField } from "../../ui/fields.tsx";
import { Button, Empty, Field } from "../../ui/parts.tsx";
import { keepFile, mayEdit } from "./parts.tsx";

const CARD_MAX = 4096;

function OwnCardBox() {
  const [own, setOwn] = useState<OwnCard | null>(null);
  useEffect(() => {
    get<OwnCard>("/own-card").then(setOwn, () => {});
  }, []);
  const keep = () => {
    const href = URL.createObjectURL(new Blob([JSON.stringify(own!.card)], { type: "application/json" }));
    keepFile(href, "the-nut.json");
    setTimeout(() => URL.revokeObjectURL(href), 10000);
  };
  return own ? (
    <section class="paper-card" aria-labelledby="own-card">
      <h2 id="own-card">{t("ui.documents.card")}</h2>
      <p>
        <span class="dim">{t("ui.documents.fingerprint")}:</span>{" "}
        <b class="num digits">{own.fingerprint}</b>
      </p>
      <p class="dim">{t("ui.documents.card_more")}</p>
      <Button onClick={keep}>{t("ui.documents.card_get")}</Button>
    </section>
  ) : null;
}

export function PeerForm({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState("");
  const [card, setCard] = useState<object | null>(null);
  const [bad, setBad] = useState(false);
  const read = async (file: File | undefined) => {
    setCard(null);
    setBad(false);
    try {
      const found: unknown = file && file.size <= CARD_MAX ? JSON.parse(await file.text()) : null;
      setCard(found as object | null);
      setBad(!found);
    } catch {
      setBad(true);
    }
  };
  return (
    <FormDialog
      title={t("ui.documents.peer_add")}
      submit={t("ui.action.add")}
      disabled={!card}
      onSubmit={() => post("/correspondents", { name, card })}
      onClose={onClose}
    >
      <p class="wide dim">{t("ui.documents.none_peers_more")}</p>
      <TextField label={t("ui.documents.peer_name")} max={120} wide value={name} onChange={setName} />
      <FileField
        label={t("ui.documents.peer_card")}
        required
        wide
        accept=".json"
        error={bad ? t("ui.documents.peer_bad") : undefined}
        onChange={(f) => void read(f)}
      />
    </FormDialog>
  );
}

function RetireForm({ c, onClose }: { c: Correspondent; onClose: () => void }) {
  const [reason, setReason] = useState("");
  return (
    <FormDialog
      title={t("ui.documents.peer_retire_of", { name: c.name })}
      submit={t("ui.documents.peer_retire")}
      onSubmit={() => post(`/correspondents/${c.id}/retire`, { reason })}
      onClose={onClose}
    >
      <Field label={t("ui.reason")} wide>
        <textarea
          rows={3}
          maxLength={500}
          required
          value={reason}
          onInput={(e) => setReason(e.currentTarget.value)}
        />
      </Field>
    </FormDialog>
  );
}

export function Peers() {
  const [retire, setRetire] = useState<Correspondent | null>(null);
  const list = rows("correspondents")
    .slice()
    .sort((a, b) => a.state.localeCompare(b.state) || a.name.localeCompare(b.name, "vi"));
  return (
    <>
      <OwnCardBox />
      {list.length === 0 ? (
        <Empty title={t("ui.documents.none_peers")}>{t("ui.documents.none_peers_more")}</Empty>
      ) : (
        <ul class="privacy-rows">
          {list.map((c) => (
            <li key={c.id}>
              <div>
                <p>
                  <b>{c.name}</b>{" "}
                  <span class="dim">
                    {t(c.state === "active" ? "ui.documents.peer_active" : "ui.documents.peer_retired")}
                    {c.reason && ` · ${c.reason}`}
                  </span>
                </p>
                <p>
                  <span class="dim">{t("ui.documents.fingerprint")}:</span>{" "}
                  <span class="num digits">{c.fingerprint}</span>
                </p>
              </div>
              {c.state === "active" && mayEdit() && (
                <Button
                  aria-label={t("ui.documents.peer_retire_of", { name: c.name })}
                  onClick={() => setRetire(c)}
                >
                  {t("ui.documents.peer_retire")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {retire && <RetireForm c={retire} onClose={() => setRetire(null)} />}
    </>
  );
}
