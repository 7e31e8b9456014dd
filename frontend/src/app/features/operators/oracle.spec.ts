import type { Hex } from '../../core/market/units';
import { ballotsOf } from '../../core/chain/ballots';
import type { ChainEvent } from '../../core/chain/chain';
import { datasetsOf } from './oracle';

const [QUESTION, RIGHT, WRONG] = ['0x01', '0x02', '0x03'] as Hex[];

function event(name: string, args: Record<string, unknown>): ChainEvent {
  return { name, args, address: '0x', block: 1, transaction: '0xdd', logIndex: 0 };
}

function posted(day: number, version: number, answer: Hex): ChainEvent {
  return event('DatasetPosted', { day, version, answer, dataset: { root: '0x', points: 4, leaves: 96n } });
}

describe('datasetsOf', () => {
  const ballots = ballotsOf([
    event('Attested', { question: QUESTION, answer: RIGHT, operator: '0xaa' }),
    event('Attested', { question: QUESTION, answer: WRONG, operator: '0xcc' }),
    event('Accepted', { question: QUESTION, answer: RIGHT, finalAt: 900n }),
  ]);

  it('lays different answers for a version side by side, with who backs each and which is accepted', () => {
    const [row] = datasetsOf([posted(7, 1, RIGHT), posted(7, 1, WRONG), posted(7, 1, RIGHT)], ballots);
    expect(row.answers.map((one) => [one.answer, one.voters])).toEqual([
      [WRONG, ['0xcc']],
      [RIGHT, ['0xaa']],
    ]);
    expect([row.accepted, row.finalAt, row.answers[0].leaves]).toEqual([RIGHT, 900, 96]);
  });

  it('puts the newest day and version first, and has nothing accepted where nobody voted', () => {
    const rows = datasetsOf([posted(6, 1, '0x04'), posted(7, 1, RIGHT), posted(7, 2, '0x05')], ballots);
    expect(rows.map((row) => [row.day, row.version, row.accepted])).toEqual([
      [7, 2, null],
      [7, 1, RIGHT],
      [6, 1, null],
    ]);
  });
});
