/* What a pipe of so many pages would take. */
static long fill(long capacity, long chunk)
{
	long slots = capacity / 4096, last = 4096, held = 0, rest, n;

	for (;;)
		for (rest = chunk; rest > 0; held += n, rest -= n)
			if (rest == chunk && chunk % 4096 != 0 && last + chunk % 4096 <= 4096) {
				n = chunk % 4096;
				last += n;
			} else if (slots > 0) {
				n = rest < 4096 ? rest : 4096;
				last = n;
				slots--;
			} else {
				return held;
			}
}
