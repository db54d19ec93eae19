// SPDX-License-Identifier: Apache-2.0
// The line between a browser and the node, that can be cut and mended: a browser's own "offline" leaves open what is
// open, a cut line does not.
import { connect, createServer } from "node:net";

export async function startLine(base) {
  const to = Number(new URL(base).port);
  const ends = new Set();
  let server = null, port = 0;
  const carry = (near) => {
    const far = connect(to, "127.0.0.1");
    for (const end of [near, far]) {
      ends.add(end);
      end.on("error", () => end.destroy());
      end.on("close", () => { ends.delete(end); near.destroy(); far.destroy(); });
    }
    near.pipe(far).pipe(near);
  };
  const mend = () => new Promise((done) => {
    server = createServer(carry);
    server.listen(port, "127.0.0.1", () => { port = server.address().port; done(); });
  });
  const cut = () => new Promise((done) => {
    if (!server?.listening) {
      return done();
    }
    server.close(() => done());
    ends.forEach((end) => end.destroy());
  });
  await mend();
  return { base: `http://127.0.0.1:${port}`, cut, mend };
}
