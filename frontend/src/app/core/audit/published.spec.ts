import { upTo } from './published';

describe('a published file on its way in', () => {
  const sent = (...sizes: number[]): { response: Response; pulled: () => number } => {
    let next = 0;
    const body = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          const size = sizes[next++];
          if (size === undefined) controller.close();
          else controller.enqueue(new Uint8Array(size).fill(next));
        },
      },
      { highWaterMark: 0 },
    );
    return { response: new Response(body), pulled: () => next };
  };

  it('as large as allowed, in parts: whole', async () => {
    expect(await upTo(5, sent(2, 3).response)).toEqual(new Uint8Array([1, 1, 2, 2, 2]));
  });

  it('empty: no bytes', async () => {
    expect(await upTo(5, new Response(null))).toEqual(new Uint8Array());
  });

  it('a byte too large: refused, and the rest is not fetched', async () => {
    const { response, pulled } = sent(2, 4, 1, 1, 1);
    expect(await upTo(5, response)).toBeNull();
    expect(pulled()).toBe(2);
  });
});
