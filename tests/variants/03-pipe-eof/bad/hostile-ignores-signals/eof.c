/* Hostile: cannot be asked to end. */
#include <signal.h>
#include <unistd.h>

int main(void)
{
	for (int sig = 1; sig < 65; sig++)
		signal(sig, SIG_IGN);
	for (;;)
		pause();
}
