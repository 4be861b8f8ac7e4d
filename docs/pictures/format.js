// Colours, SVG elements, and values with their units, as Grafana has them. docs/pictures/draw puts this before panel.js.

const CLASSIC = ['#56A64B', '#E0A800', '#5794F2', '#E36414', '#C4162A', '#1F78C1', '#BA43A9', '#705DA0', '#3F6833', '#B07D00', '#0A9396',
	'#7A4419', '#890F02', '#0A437C', '#FF85A1', '#58140C'];
const NAMED = { green: '#388E3C', red: '#D32F2F', yellow: '#E0A800', orange: '#E36414', blue: '#3274D9', purple: '#8F3BB8', gray: '#9AA0A6' };
const TEXT = '#24292E', DIM = '#5B636B', GRID = '#E6E8EB', EVENT = '#7B3FA0';

const colour = (name) => NAMED[name] ?? name;
const escape = (text) => String(text).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
const tag = (name, attributes, content = '') =>
	`<${name} ${Object.entries(attributes).map(([key, value]) => `${key}="${escape(value)}"`).join(' ')}>${content}</${name}>`;
const text = (x, y, content, more = {}) => tag('text', { x, y, fill: TEXT, 'font-size': 12, ...more }, escape(content));
const line = (x1, y1, x2, y2, stroke, more = {}) => tag('line', { x1, y1, x2, y2, stroke, ...more });

const canvas = document.createElement('canvas').getContext('2d');
const FONT = 'Inter, "Helvetica Neue", Helvetica, Arial, "DejaVu Sans", sans-serif';
function widthOf(content, size, weight = 400) {
	canvas.font = `${weight} ${size}px ${FONT}`;
	return canvas.measureText(content).width;
}
function cut(content, size, width) {
	if (widthOf(content, size) <= width) {
		return content;
	}
	while (content && widthOf(content + '…', size) > width) {
		content = content.slice(0, -1);
	}
	return content + '…';
}

// Units, as Grafana's of the same names.
const scaled = (value, steps, digits) => {
	const size = Math.abs(value);
	const [factor, name] = steps.findLast(([factor]) => size >= factor) ?? steps[0];
	return number(value / factor, digits) + name;
};
function number(value, digits) {
	if (digits !== undefined) {
		return value.toFixed(digits);
	}
	const size = Math.abs(value);
	return String(Number(value.toFixed(size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3)));
}
const THOUSANDS = [[1, ''], [1e3, ' K'], [1e6, ' Mil']];
const UNITS = {
	none: (value, digits) => number(value, digits),
	short: (value, digits) => scaled(value, THOUSANDS, digits),
	reqps: (value, digits) => scaled(value, THOUSANDS, digits) + ' req/s',
	ops: (value, digits) => scaled(value, THOUSANDS, digits) + ' ops/s',
	percentunit: (value, digits) => number(value * 100, digits) + '%',
	s: (value, digits) => value === 0 ? '0 s' : scaled(value, [[1e-6, ' µs'], [1e-3, ' ms'], [1, ' s'], [60, ' min'], [3600, ' hour']], digits),
	bytes: (value, digits) => scaled(value, [[1, ' B'], [1024, ' KiB'], [1048576, ' MiB'], [1073741824, ' GiB']], digits),
};
function format(panel, value, digits) {
	const unit = UNITS[panel.fieldConfig.defaults.unit ?? 'none'];
	if (!unit) {
		throw new Error(`no unit ${panel.fieldConfig.defaults.unit}: ${panel.title}`);
	}
	return unit(value, digits);
}
