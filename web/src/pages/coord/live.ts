// SPDX-License-Identifier: Apache-2.0
// A regulation's row tells of its parties, and the live stream tells only of the party: the row is read again.
import { ApiError, get } from "../../api/client.ts";
import type { Regulation, RegulationParty } from "../../api/coord.ts";
import { onRow, one, putRow } from "../../store/store.ts";

async function readAgain(id: string): Promise<void> {
  try {
    putRow("regulations", await get<Regulation>(`/regulations/${id}`));
  } catch (e) {
    if (!(e instanceof ApiError)) {
      throw e;
    }
  }
}

onRow((name, row) => {
  const { regulation } = row as RegulationParty;
  if (name === "regulation-parties" && one("regulations", regulation)) {
    void readAgain(regulation);
  }
});
