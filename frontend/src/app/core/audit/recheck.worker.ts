/** Rechecks one session beside the page, which stays usable however long its book is. */

import { recheck } from './recheck';
import type { FromWorker, ToWorker } from './recheck-aside';

const waiting = new Map<
  number,
  { readonly resolve: (raw: Uint8Array) => void; readonly reject: (why: Error) => void }
>();
let asked = 0;

/** Published files are read by the page, which knows where the reader wants them read. */
function read(cid: string): Promise<Uint8Array> {
  const number = ++asked;
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    tell({ kind: 'read', number, cid });
  });
}

function tell(message: FromWorker): void {
  postMessage(message);
}

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  if (data.kind === 'file') waiting.get(data.number)?.resolve(data.raw);
  else if (data.kind === 'unread') waiting.get(data.number)?.reject(new Error(data.why));
  else {
    recheck(data.detail, data.place, read).then(
      (found) => tell({ kind: 'found', found }),
      (error: unknown) => tell({ kind: 'failed', why: error instanceof Error ? error.message : String(error) }),
    );
  }
});
