// The sky over the clock: its colours and the place of sun and moon are those of the hour that the shop's clock shows.

const HOURS = [
  // hour, top, bottom: dark enough everywhere for white letters
  [0, [12, 16, 42], [30, 38, 84]],
  [5, [26, 25, 66], [74, 50, 108]],
  [6.5, [62, 58, 120], [158, 76, 72]],
  [8, [24, 92, 150], [46, 116, 170]],
  [13, [14, 94, 160], [36, 118, 182]],
  [17.5, [28, 88, 146], [92, 104, 148]],
  [19.2, [66, 46, 106], [168, 72, 58]],
  [20.5, [34, 30, 78], [84, 50, 102]],
  [24, [12, 16, 42], [30, 38, 84]],
];

const mix = (a, b, share) => a.map((each, place) => Math.round(each + (b[place] - each) * share));
const rgb = (colour) => `rgb(${colour.join(" ")})`;

export function sky(hours) {
  const after = HOURS.findIndex(([at]) => at > hours);
  const [from, to] = [HOURS[after - 1], HOURS[after]];
  const share = (hours - from[0]) / (to[0] - from[0]);
  const daylight = hours >= 6 && hours < 19.5;
  const along = daylight ? (hours - 6) / 13.5 : ((hours + 24 - 19.5) % 24) / 10.5;
  return {
    daylight,
    vars: {
      "--sky-top": rgb(mix(from[1], to[1], share)),
      "--sky-bottom": rgb(mix(from[2], to[2], share)),
      "--orb-x": `${62 + along * 32}%`,
      "--orb-y": `${44 - Math.sin(Math.PI * along) * 24}%`,
      "--stars": daylight ? "0" : String(Math.min(1, Math.sin(Math.PI * along) * 2)),
    },
  };
}
