// Draws a row of the dashboard as SVG, in the manner of Grafana's light theme. docs/pictures/draw gives it three constants: `row` (the panels
// as the dashboard has them), `data` (the series of each query) and `events`.

const WIDTH = 1200, MARGIN = 8, UNIT = 37, GAP = 7;
const from = events[0].at, to = events.at(-1).at, marks = events.slice(1, -1);

// The longest time in seconds between two values that belong together: two scrapes.
const TOGETHER = 10;

// The series of a panel, in the order of Prometheus's answers: [{ name, values: [[time, value], ...] }].
function seriesOf(panel) {
	return data.filter((answer) => answer.panel === panel.id).flatMap((answer) => answer.series.map((series) => ({
		name: (panel.targets[answer.target].legendFormat ?? '').replace(/{{\s*(\w+)\s*}}/g, (_, label) => series.metric[label] ?? ''),
		values: series.values.map(([time, value]) => [time, Number(value)]).filter(([, value]) => Number.isFinite(value)),
	}))).filter((series) => series.values.length > 0);
}
const last = (series) => series.values.at(-1)[1];
const stepColour = (panel, value) =>
	colour(panel.fieldConfig.defaults.thresholds.steps.findLast((step) => step.value == null || value >= step.value).color);

// Pieces without gaps: a node that is away has no line.
function pieces(values) {
	const all = [];
	values.forEach((point, index) => {
		if (index === 0 || point[0] - values[index - 1][0] > TOGETHER) {
			all.push([]);
		}
		all.at(-1).push(point);
	});
	return all;
}

function niceStep(span, count) {
	const rough = span / count, power = 10 ** Math.floor(Math.log10(rough));
	return [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999);
}
function axisOf(panel, values, height) {
	const { min, max, unit } = panel.fieldConfig.defaults;
	const whole = values.every(Number.isInteger);
	let low = min ?? Math.min(...values), high = max ?? Math.max(...values);
	if (high <= low) {
		high = low + (unit === 'percentunit' ? 0.01 : 1);
	}
	let step = niceStep(high - low, Math.max(2, Math.floor(height / 38)));
	if (unit === 'bytes') {
		step = 2 ** Math.ceil(Math.log2((high - low) / 5));
	}
	if (unit === 'short' && whole) {
		step = Math.max(1, Math.ceil(step));
	}
	const bottom = min ?? Math.floor(low / step) * step, top = max ?? Math.ceil(high / step - 1e-9) * step;
	const ticks = [];
	for (let tick = bottom; tick <= top + step * 1e-6; tick += step) {
		ticks.push(Math.abs(tick) < step * 1e-6 ? 0 : tick);
	}
	return { bottom, top, ticks };
}

const clock = (seconds) => {
	const date = new Date(seconds * 1000);
	return [date.getUTCHours(), date.getUTCMinutes()].map((part) => String(part).padStart(2, '0')).join(':');
};

// The places of names in a legend, line by line.
function legend(names, width) {
	const places = [];
	let x = 0, y = 0;
	for (const [index, name] of names.entries()) {
		const shown = cut(name, 11, width - 24), size = widthOf(shown, 11) + 28;
		if (x > 0 && x + size - 10 > width) {
			x = 0;
			y++;
		}
		places.push({ x, y, shown, index });
		x += size;
	}
	return { places, rows: y + 1 };
}

const legendOf = (key, x, bottom, paint) => key.places.map((place) => {
	const left = x + 12 + place.x, y = bottom + 33 + place.y * 17;
	return line(left, y - 4, left + 13, y - 4, paint(place.index), { 'stroke-width': 4 }) + text(left + 18, y, place.shown, { 'font-size': 11 });
}).join('');

function frame(panel, x, y, width, height) {
	return tag('rect', { x, y, width, height, rx: 3, fill: '#FFFFFF', stroke: '#DADDE1' }) +
		text(x + 10, y + 21, cut(panel.title, 14, width - 20), { 'font-size': 13.5, 'font-weight': 500 });
}

function timeAxis(left, top, width, bottom) {
	const at = (time) => left + (time - from) / (to - from) * width;
	let drawn = '';
	const every = [60, 120, 300, 600, 900, 1800].find((step) => (to - from) / step * 46 <= width) ?? 3600;
	for (let time = Math.ceil(from / every) * every; time <= to; time += every) {
		drawn += line(at(time), top, at(time), bottom, GRID) + text(at(time), bottom + 15, clock(time), { 'text-anchor': 'middle', fill: DIM, 'font-size': 11 });
	}
	return { at, drawn };
}
const eventLines = (at, top, bottom) => marks.map((mark, index) => line(at(mark.at), top, at(mark.at), bottom, EVENT,
	{ 'stroke-dasharray': '4 3', 'stroke-opacity': 0.75 }) + tag('rect', { x: at(mark.at) - 7, y: top - 14, width: 14, height: 14, rx: 2, fill: EVENT }) +
	text(at(mark.at), top - 3.5, String.fromCharCode(65 + index), { 'text-anchor': 'middle', fill: '#FFFFFF', 'font-size': 10, 'font-weight': 700 })).join('');

function timeseries(panel, x, y, width, height) {
	const { custom, thresholds } = panel.fieldConfig.defaults, series = seriesOf(panel), stacked = custom.stacking.mode === 'normal';
	let base = new Map();
	const shapes = series.map((one, index) => {
		const values = one.values.map(([time, value]) => {
			const below = stacked ? base.get(time) ?? 0 : 0;
			if (stacked) {
				base.set(time, below + value);
			}
			return [time, below + value, below];
		});
		return { values, colour: CLASSIC[index % CLASSIC.length] };
	});
	const key = legend(series.map((one) => one.name), width - 24);
	const limits = custom.thresholdsStyle && custom.thresholdsStyle.mode !== 'off' ? thresholds.steps.filter((step) => step.value != null) : [];
	const top = y + 48, bottom = y + height - 24 - key.rows * 17;
	const all = [...shapes.flatMap((shape) => shape.values.map(([, value]) => value)), ...limits.map((limit) => limit.value)];
	const axis = axisOf(panel, all, bottom - top);
	const labels = axis.ticks.map((tick) => format(panel, tick));
	const left = x + 18 + Math.max(...labels.map((label) => widthOf(label, 11))), right = x + width - 14;
	const up = (value) => bottom - (value - axis.bottom) / (axis.top - axis.bottom) * (bottom - top);
	const clip = `clip${panel.id}`, time = timeAxis(left, top, right - left, bottom);
	let drawn = frame(panel, x, y, width, height) + time.drawn;
	axis.ticks.forEach((tick, index) => {
		drawn += line(left, up(tick), right, up(tick), GRID) + text(left - 6, up(tick) + 4, labels[index], { 'text-anchor': 'end', fill: DIM, 'font-size': 11 });
	});
	drawn += `<clipPath id="${clip}"><rect x="${left}" y="${top - 1}" width="${right - left}" height="${bottom - top + 2}"/></clipPath>`;
	let curves = '';
	for (const shape of shapes) {
		for (const piece of pieces(shape.values)) {
			const path = piece.map(([at, value]) => `${time.at(at).toFixed(1)} ${up(value).toFixed(1)}`);
			if (custom.fillOpacity > 0) {
				const under = piece.map(([at, , below]) => `${time.at(at).toFixed(1)} ${up(below).toFixed(1)}`).reverse();
				curves += tag('path', { d: `M${path.join('L')}L${under.join('L')}Z`, fill: shape.colour, 'fill-opacity': custom.fillOpacity / 100 });
			}
			curves += tag('path', { d: `M${path.join('L')}${piece.length === 1 ? 'h2' : ''}`, fill: 'none', stroke: shape.colour,
				'stroke-width': custom.lineWidth * 1.4, 'stroke-linejoin': 'round' });
		}
	}
	drawn += tag('g', { 'clip-path': `url(#${clip})` }, curves);
	for (const limit of limits) {
		drawn += line(left, up(limit.value), right, up(limit.value), colour(limit.color), { 'stroke-dasharray': '8 5', 'stroke-width': 1.5 });
	}
	drawn += eventLines(time.at, top, bottom);
	return drawn + legendOf(key, x, bottom, (index) => shapes[index].colour);
}

function stat(panel, x, y, width, height) {
	const [series] = seriesOf(panel), value = last(series), paint = stepColour(panel, value);
	const shown = format(panel, value, panel.fieldConfig.defaults.decimals);
	let size = Math.min(44, height * 0.3);
	while (widthOf(shown, size, 500) > width - 28) {
		size--;
	}
	const low = panel.fieldConfig.defaults.min ?? Math.min(...series.values.map(([, v]) => v));
	const high = panel.fieldConfig.defaults.max ?? Math.max(...series.values.map(([, v]) => v), low + 1e-9);
	const base = y + height - 1, tall = height * 0.36;
	const at = (time) => x + 1 + (time - from) / (to - from) * (width - 2), up = (v) => base - (v - low) / (high - low) * tall;
	let drawn = frame(panel, x, y, width, height);
	for (const piece of pieces(series.values)) {
		const path = piece.map(([time, v]) => `${at(time).toFixed(1)} ${up(v).toFixed(1)}`).join('L');
		drawn += tag('path', { d: `M${path}L${at(piece.at(-1)[0])} ${base}L${at(piece[0][0])} ${base}Z`, fill: paint, 'fill-opacity': 0.16 }) +
			tag('path', { d: `M${path}`, fill: 'none', stroke: paint, 'stroke-width': 1.3 });
	}
	return drawn + text(x + width / 2, y + 30 + (height - tall - 30) / 2 + size * 0.36, shown,
		{ fill: paint, 'font-size': size, 'font-weight': 500, 'text-anchor': 'middle' });
}

// Neighbours of the same value are one bar.
function barsOf(values) {
	const bars = [];
	for (const [at, value] of values) {
		const before = bars.at(-1), joined = before && at - before.until <= TOGETHER;
		if (joined) {
			before.until = at;
		}
		if (!joined || before.value !== value) {
			bars.push({ value, since: at, until: at });
		}
	}
	return bars;
}

// A bar has the name of its value in it if there is room.
function stateTimeline(panel, x, y, width, height) {
	const names = panel.fieldConfig.defaults.mappings[0].options, series = seriesOf(panel);
	const used = Object.entries(names).filter(([value]) => series.some((one) => one.values.some(([, v]) => v === Number(value))));
	const key = legend(used.map(([, name]) => name.text), width - 24);
	const top = y + 48, bottom = y + height - 24 - key.rows * 17, tall = (bottom - top) / series.length;
	const left = x + 18 + Math.max(...series.map((one) => widthOf(one.name, 11))), right = x + width - 14;
	const time = timeAxis(left, top, right - left, bottom);
	let drawn = frame(panel, x, y, width, height) + time.drawn;
	series.forEach((one, index) => {
		const middle = top + tall * (index + 0.5), thick = tall * panel.options.rowHeight;
		drawn += text(left - 6, middle + 4, one.name, { 'text-anchor': 'end', fill: DIM, 'font-size': 11 });
		for (const bar of barsOf(one.values)) {
			const name = names[bar.value] ?? { text: bar.value, color: 'gray' }, size = time.at(bar.until) - time.at(bar.since);
			drawn += tag('rect', { x: time.at(bar.since), y: middle - thick / 2, width: Math.max(1, size), height: thick, fill: colour(name.color),
				'fill-opacity': panel.fieldConfig.defaults.custom.fillOpacity / 100 });
			if (widthOf(name.text, 11) + 12 < size) {
				drawn += text(time.at(bar.since) + 6, middle + 4, name.text, { 'font-size': 11 });
			}
		}
	});
	return drawn + eventLines(time.at, top, bottom) + legendOf(key, x, bottom, (index) => colour(used[index][1].color));
}

const KINDS = { timeseries, stat, 'state-timeline': stateTimeline };
function draw() {
	const scale = (WIDTH - 2 * MARGIN + GAP) / 24, origin = row[0].gridPos.y;
	const height = Math.max(...row.map(({ gridPos }) => gridPos.y + gridPos.h)) - origin;
	let drawn = text(MARGIN + 4, MARGIN + 22, row[0].title, { 'font-size': 17, 'font-weight': 600 });
	let right = WIDTH - MARGIN - 4;
	for (const [index, mark] of [...marks.entries()].reverse()) {
		right -= widthOf(mark.text, 12);
		drawn += text(right, MARGIN + 21, mark.text, { fill: DIM });
		right -= 20;
		drawn += tag('rect', { x: right, y: MARGIN + 9, width: 15, height: 15, rx: 2, fill: EVENT }) +
			text(right + 7.5, MARGIN + 20.5, String.fromCharCode(65 + index), { 'text-anchor': 'middle', fill: '#FFFFFF', 'font-size': 11, 'font-weight': 700 });
		right -= 16;
	}
	for (const panel of row.slice(1)) {
		const { x, y, w, h } = panel.gridPos;
		drawn += KINDS[panel.type](panel, MARGIN + x * scale, MARGIN + (y - origin) * UNIT, w * scale - GAP, h * UNIT - GAP);
	}
	document.body.style.cssText = `margin: 0; background: #F4F5F5; font-family: ${FONT}`;
	document.body.innerHTML = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height * UNIT + 2 * MARGIN}" style="font-family: inherit">${drawn}</svg>`;
}
draw();
