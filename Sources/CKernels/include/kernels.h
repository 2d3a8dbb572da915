#ifndef CONVO_KERNELS_H
#define CONVO_KERNELS_H
#endif
