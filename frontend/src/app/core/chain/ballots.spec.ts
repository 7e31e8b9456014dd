import type { Hex } from '../market/units';
import { answerOf, ballotsOf } from './ballots';
import type { ChainEvent } from './chain';

const [QUESTION, RIGHT, WRONG] = ['0x01', '0x02', '0x03'] as Hex[];
const [ANNA, BRUNO, CARLA] = ['0xaa', '0xbb', '0xcc'] as Hex[];

function event(name: string, args: Record<string, unknown>, block = 1): ChainEvent {
  return { name, args: { question: QUESTION, ...args }, address: '0x', block, transaction: '0x', logIndex: 0 };
}

describe('ballotsOf', () => {
  const voted = [
    event('Attested', { answer: RIGHT, operator: ANNA }),
    event('Attested', { answer: WRONG, operator: CARLA }),
    event('Attested', { answer: RIGHT, operator: BRUNO }, 2),
    event('Accepted', { answer: RIGHT, finalAt: 900n }, 2),
  ];

  it('tells who backs which answer, and which one is accepted until when', () => {
    const ballot = ballotsOf(voted).get(QUESTION)!;
    expect([...ballot.answers]).toEqual([
      [RIGHT, [ANNA, BRUNO]],
      [WRONG, [CARLA]],
    ]);
    expect([ballot.accepted, ballot.finalAt, ballot.lastBlock]).toEqual([RIGHT, 900, 2]);
    expect(answerOf(ballot, CARLA)).toBe(WRONG);
  });

  it('forgets a vote that was taken back, and an answer that nobody backs any more', () => {
    const ballot = ballotsOf([...voted, event('VoteWithdrawn', { answer: WRONG, operator: CARLA })]).get(QUESTION)!;
    expect([...ballot.answers.keys()]).toEqual([RIGHT]);
    expect(answerOf(ballot, CARLA)).toBeNull();
  });

  it.each(['AcceptanceRevoked', 'AnswerVoided'])('has no accepted answer after %s', (name) => {
    const ballot = ballotsOf([...voted, event(name, { answer: RIGHT })]).get(QUESTION)!;
    expect([ballot.accepted, ballot.finalAt]).toEqual([null, null]);
  });

  it('waits longer where the window was extended', () => {
    expect(ballotsOf([...voted, event('WindowExtended', { finalAt: 950n })]).get(QUESTION)!.finalAt).toBe(950);
  });
});
