#ifndef CONVO_CPNG_H
#define CONVO_CPNG_H
#endif
